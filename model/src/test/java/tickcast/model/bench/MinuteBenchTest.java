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
class MinuteBenchTest {

    @Test
    void shouldTellWhatAMinuteOfManySymbolsCosts() throws IOException {
        MinuteBench.Figures figures = MinuteBench.measure();
        Files.write(
                Path.of("target", "minute-bench.tsv"),
                List.of(String.join(
                        "\t",
                        "A minute's end of 100 symbols: candles to predictions, one thread, CPU",
                        "<= 5 ms",
                        text("%.2f ms, slowest %.2f ms", figures.millis(), figures.slowestMillis()),
                        text("%.2f", figures.millis() / 5))));
    }

    private static String text(String format, Object... figures) {
        return String.format(Locale.ROOT, format, figures);
    }
}
