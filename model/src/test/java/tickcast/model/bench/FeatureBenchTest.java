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
class FeatureBenchTest {

    @Test
    void shouldTellWhatFeaturesCost() throws IOException {
        FeatureBench.Figures figures = FeatureBench.measure();
        Files.write(
                Path.of("target", "bench.tsv"),
                List.of(
                        row(
                                "Candle to full feature vector, CPU",
                                "<= 3 us",
                                "%.2f us",
                                figures.vectorNanos() / 1000,
                                figures.vectorNanos() / 3000),
                        row(
                                "State of a symbol: trades of open minutes, indicators, windows",
                                "<= 24 KiB",
                                "%.1f KiB",
                                figures.stateBytes() / 1024.0,
                                figures.stateBytes() / 24_576.0)));
    }

    private static String row(String what, String wanted, String median, double figure, double ratio) {
        return String.format(Locale.ROOT, "%s\t%s\t" + median + "\t%.2f", what, wanted, figure, ratio);
    }
}
