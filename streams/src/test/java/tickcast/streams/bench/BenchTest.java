package tickcast.streams.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tickcast.streams.exchange.kraken.DecodeComparison;

/** Measures one after the other and prints the table of all modules. Asserts that no trade is lost, nothing about time. */
@Tag("bench")
class BenchTest {

    private static final String LINE = "%-66s  %-20s  %-30s  %6s%n";

    private final List<String[]> rows = new ArrayList<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void beQuiet() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
    }

    @Test
    void shouldPrintTheTable() throws IOException {
        decode();
        rowsOfTheModel();
        heap();
        throughput();
        print();
    }

    private void decode() {
        DecodeComparison.Figures figures =
                DecodeComparison.of(DecodeBench.TRADES).compare(DecodeBench.ROUNDS);
        add(
                "Kraken frame bytes to closed candle, CPU per trade",
                "<= 2 x hand-written",
                text("%.0f ns, hand-written %.0f ns", figures.feedNanos(), figures.handNanos()),
                figures.ratio());
    }

    /** The model module was measured before this one. */
    private void rowsOfTheModel() throws IOException {
        Path target = Path.of(System.getProperty("tickcast.root", "..")).resolve(Path.of("model", "target"));
        for (String name : List.of("bench.tsv", "score-bench.tsv", "minute-bench.tsv", "training-bench.tsv")) {
            if (Files.exists(target.resolve(name))) {
                Files.readAllLines(target.resolve(name)).forEach(line -> rows.add(line.split("\t")));
            }
        }
    }

    private void heap() {
        double bytes = MarketBench.heapPerSymbol(directory.resolve("heap"), 1000);
        add(
                "Heap that a symbol adds: Market and Monitor actors, all they hold",
                "<= 24 KiB",
                text("%.1f KiB", bytes / 1024),
                bytes / 24_576);
    }

    private void throughput() {
        MarketBench.Throughput figures = MarketBench.throughput(directory.resolve("throughput"), 2, 5);
        assertEquals(figures.sent(), figures.stored(), "trades in the stored candles");
        add(
                "Trades through the Market actors, " + figures.sent() + " sent, " + figures.stored() + " stored",
                ">= 100000 / s",
                text("%.0f / s, %.1f us CPU each", figures.tradesPerSecond(), figures.cpuMicrosPerTrade()),
                figures.tradesPerSecond() / 100_000);
    }

    private void add(String what, String wanted, String median, double ratio) {
        rows.add(new String[] {what, wanted, median, text("%.2f", ratio)});
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private void print() {
        System.out.printf(LINE, "what", "wanted", "median", "ratio");
        rows.forEach(row -> System.out.printf(LINE, (Object[]) row));
    }
}
