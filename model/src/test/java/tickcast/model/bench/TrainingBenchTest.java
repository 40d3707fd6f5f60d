package tickcast.model.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures, asserts nothing about time. Leaves its rows for the table that the streams module prints. */
@Tag("bench")
class TrainingBenchTest {

    @Test
    void shouldTellWhatTrainingCosts() throws IOException, InterruptedException {
        TrainingBench.Figures figures = TrainingBench.measure("1g");
        double seconds = figures.prepareSeconds() + figures.trainSeconds();
        Files.write(
                Path.of("target", "training-bench.tsv"),
                List.of(
                        row(
                                "Train the ensemble and its test, 4 symbols x 30 days, candles to model",
                                "<= 20 s",
                                text("%.1f s", seconds) + text(", %.1f s of CPU", figures.cpuSeconds()),
                                seconds / 20),
                        row(
                                "The same, memory resident at most, -Xmx1g",
                                "<= 1.5 GiB",
                                text("%.0f MiB", figures.peakMib()),
                                figures.peakMib() / 1536)));
    }

    private static String row(String what, String wanted, String figure, double ratio) {
        return String.join("\t", what, wanted, figure, text("%.2f", ratio));
    }

    private static String text(String format, double figure) {
        return String.format(Locale.ROOT, format, figure);
    }
}
