package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.vector;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.streams.archive.log.LogHouse;

/** What writing into the log and filling SQLite from it costs, on a Kafka on this machine. */
@Tag("bench")
class LogBenchTest {

    private static final List<Symbol> SYMBOLS =
            List.of(BTC, Records.ETH, Symbol.parse("SOL/USD"), Symbol.parse("XRP/USD"));
    private static final int MINUTES = 2_000;
    private static final int WARM_UP = 500;
    private static final int CANDLES = 200_000;
    private static final int BATCH = 5_000;
    private static final int UNDER_WAY = 8;

    @TempDir
    Path directory;

    @Test
    void shouldPrintTheTable() {
        ActorTestKit kit = ActorTestKit.create();
        try (LogHouse house = new LogHouse(kit.system(), directory)) {
            house.open();
            house.startArchiver();
            minutes(house.archive());
            house.awaitArchived();
            house.stopArchiver();
            bulk(house.archive());
            archive(house);
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static void minutes(Archive archive) {
        double[][] millis = new double[5][MINUTES];
        double[] features = new double[91];
        Arrays.setAll(features, i -> Math.sin(i) / 7);
        for (int i = -WARM_UP; i < MINUTES; i++) {
            int minute = i + WARM_UP;
            List<Candle> candles =
                    SYMBOLS.stream().map(s -> candle(s, minute, 0, minute)).toList();
            List<Prediction> made =
                    SYMBOLS.stream().map(s -> live(s, minute, "17")).toList();
            long start = System.nanoTime();
            candles.stream()
                    .map(one -> archive.writeCandles(List.of(one), 1))
                    .toList()
                    .forEach(ArchiveContract::await);
            long written = System.nanoTime();
            await(archive.writeFeatures(
                    SYMBOLS.stream().map(s -> vector(s, minute, "a", features)).toList()));
            long known = System.nanoTime();
            await(archive.writePredictions(made));
            long predicted = System.nanoTime();
            SYMBOLS.forEach(s -> await(archive.maturing(s, made.get(0).targetTime())));
            await(archive.writeErrors(made.stream().map(p -> error(p, 64001)).toList()));
            long matured = System.nanoTime();
            if (i >= 0) {
                long[] times = {start, written, known, predicted, matured};
                for (int k = 0; k < 4; k++) {
                    millis[k][i] = (times[k + 1] - times[k]) / 1e6;
                }
                millis[4][i] = (matured - start) / 1e6;
            }
        }
        String[] names = {
            "4 candles, side by side", "4 vectors of 91", "4 predictions", "4 errors, with maturing", "all"
        };
        for (int k = 0; k < 5; k++) {
            Arrays.sort(millis[k]);
            print(
                    "A minute's write: " + names[k],
                    "p50 %.1f ms, p99 %.1f ms, longest %.0f ms",
                    millis[k][MINUTES / 2],
                    millis[k][MINUTES * 99 / 100],
                    millis[k][MINUTES - 1]);
        }
    }

    private static void bulk(Archive archive) {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        ArrayDeque<CompletionStage<Void>> writes = new ArrayDeque<>();
        for (int i = 0; i < CANDLES; i += BATCH) {
            int first = 10_000 + i;
            List<Candle> candles = new ArrayList<>(BATCH);
            IntStream.range(first, first + BATCH).forEach(n -> candles.add(candle(BTC, n, 0, n)));
            writes.add(archive.writeCandles(candles));
            if (writes.size() == UNDER_WAY) {
                await(writes.poll());
            }
        }
        writes.forEach(ArchiveContract::await);
        report("Candles into the log, in bulk, read back", start, cpu);
    }

    private static void archive(LogHouse house) {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        house.startArchiver();
        house.awaitArchived();
        report("Candles from the log into SQLite", start, cpu);
        int stored = await(house.store().candles(BTC, Page.all(Instant.MIN, Instant.MAX)))
                .size();
        assertEquals(CANDLES + MINUTES + WARM_UP, stored);
    }

    private static void report(String what, long startNanos, long startCpu) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        print(what, "%,.0f / s, %.1f us CPU each", CANDLES / seconds, (cpuNanos() - startCpu) / 1e3 / CANDLES);
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static void print(String what, String format, Object... values) {
        System.out.printf(Locale.ROOT, "%-50s %s%n", what, String.format(Locale.ROOT, format, values));
    }
}
