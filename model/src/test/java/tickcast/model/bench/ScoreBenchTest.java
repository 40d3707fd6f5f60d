package tickcast.model.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures, asserts nothing about time. Leaves its rows for the table that the streams module prints. */
@Tag("bench")
class ScoreBenchTest {

    @Test
    void shouldTellWhatScoringCosts() throws IOException, XGBoostError {
        ScoreBench.Figures figures = ScoreBench.measure(6, 300);
        double overPlain = figures.forestNanos() / figures.plainNanos();
        double fasterThanJni = figures.jniNanos() / figures.forestNanos();
        String forest = text("%.2f us", figures.forestNanos() / 1000);
        Files.write(
                Path.of("target", "score-bench.tsv"),
                List.of(
                        row(
                                "Score a row, 300 trees of depth 6, CPU",
                                "<= 1.5 x plain walk",
                                forest + text(", plain %.2f us", figures.plainNanos() / 1000),
                                overPlain),
                        row(
                                "Score a row, against one row through JNI",
                                ">= 30 x faster",
                                forest + text(", JNI %.0f us", figures.jniNanos() / 1000),
                                fasterThanJni),
                        row(
                                "Score a row, bytes allocated",
                                "0",
                                text("%.3f bytes", figures.bytes()),
                                figures.bytes())));
    }

    private static String row(String what, String wanted, String median, double ratio) {
        return String.join("\t", what, wanted, median, text("%.2f", ratio));
    }

    private static String text(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }
}
