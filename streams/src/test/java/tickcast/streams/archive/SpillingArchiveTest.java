package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.fallback;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.vector;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.FragileArchive.Mood;
import tickcast.streams.archive.spill.SpillingArchive;

class SpillingArchiveTest extends ArchiveContract {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    @TempDir
    Path directory;

    private EmbeddedArchive store;
    private FragileArchive fragile;
    private SimpleMeterRegistry meters;
    private SpillingArchive archive;

    @BeforeEach
    void open() {
        store = EmbeddedArchive.open(directory, MarketSource.KRAKEN);
        fragile = new FragileArchive(store);
        archive = spilling(1 << 20);
    }

    private SpillingArchive spilling(long mostBytes) {
        meters = new SimpleMeterRegistry();
        return SpillingArchive.open(fragile.seen(), directory, MarketSource.KRAKEN, mostBytes, true, meters);
    }

    @AfterEach
    void close() {
        archive.close();
        store.close();
    }

    @Override
    Archive archive() {
        return archive;
    }

    private void awaitDrained() {
        Gauge waiting = meters.get("tickcast_archive_spilled_bytes").gauge();
        long end = System.nanoTime() + 20_000_000_000L;
        while (waiting.value() > 0) {
            assertTrue(System.nanoTime() < end, "the store has not got everything");
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void writeAMinute() {
        await(archive.writeCandles(List.of(candle(BTC, 1, 0, 64001)), 7));
        await(archive.writeFeatures(List.of(vector(BTC, 2, "a", 1, 2))));
        assertEquals(
                1, await(archive.writePredictions(List.of(live(BTC, 2, "17")))).size());
        await(archive.writeErrors(List.of(error(live(BTC, 2, "17"), 64002))));
    }

    @Test
    void shouldKeepWhatTheStoreDoesNotTakeAndGiveItBackInOrder() {
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 64000)), 7));
        await(archive.unmatured(BTC, Instant.MIN, Instant.MAX));
        await(archive.candles(BTC, ALL));
        fragile.become(Mood.AWAY);
        writeAMinute();
        await(archive.writeCandles(List.of(candle(BTC, 1, 1, 64009)), 7));
        Prediction second =
                await(archive.writePredictions(List.of(fallback(BTC, 2)))).get(0);
        assertEquals("17", second.modelVersion(), "the first one stays also while the store is away");
        assertEquals(64009, await(archive.candles(BTC, Page.latest(1))).get(0).close());
        assertEquals(List.of(), await(archive.maturing(BTC, live(BTC, 2, "17").targetTime())));

        fragile.become(Mood.THERE);
        awaitDrained();

        assertEquals(64009, await(store.candles(BTC, Page.latest(1))).get(0).close());
        assertEquals(1, await(store.features(BTC, ALL)).size());
        assertEquals("17", await(store.predictions(BTC, ALL)).get(0).modelVersion());
        assertEquals(1, await(store.errors(BTC, ALL)).size());
    }

    @Test
    void shouldGiveBackManyMinutesInFewCalls() {
        fragile.become(Mood.AWAY);
        int minutes = 50;
        for (int minute = 0; minute < minutes; minute++) {
            await(archive.writeCandles(List.of(candle(BTC, minute, 0, 64000 + minute)), 7));
            await(archive.writeFeatures(List.of(vector(BTC, minute, "a", 1, 2))));
        }
        fragile.become(Mood.THERE);
        awaitDrained();
        assertEquals(minutes, await(store.candles(BTC, ALL)).size());
        assertEquals(minutes, await(store.features(BTC, ALL)).size());
        assertTrue(fragile.writes() < minutes / 2, () -> fragile.writes() + " calls");
    }

    @Test
    void shouldNotWaitForASilentStore() {
        fragile.become(Mood.SILENT);
        long start = System.nanoTime();
        writeAMinute();
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis < 3000, () -> "took " + millis + " ms");
        archive.close();

        fragile.become(Mood.THERE);
        archive = spilling(1 << 20);
        awaitDrained();
        assertEquals(1, await(store.candles(BTC, ALL)).size());
        assertEquals(1, await(store.errors(BTC, ALL)).size());
    }

    @Test
    void shouldTakeUpAfterACrashWhatWaitedAndCutOffATornLine() throws IOException {
        fragile.become(Mood.AWAY);
        writeAMinute();
        archive.close();
        Path file = directory.resolve("kraken").resolve("spill.jsonl");
        assertEquals(4, Files.readAllLines(file).size());
        Files.writeString(file, "{\"v\":1,\"kind\":\"can", StandardOpenOption.APPEND);

        archive = spilling(1 << 20);
        assertEquals(
                1, await(archive.writePredictions(List.of(fallback(BTC, 2)))).size());
        fragile.become(Mood.THERE);
        awaitDrained();
        assertEquals("17", await(store.predictions(BTC, ALL)).get(0).modelVersion());
        assertEquals(1, await(store.features(BTC, ALL)).size());
    }

    @Test
    void shouldRefuseWhatAFullFileCanNotTake() {
        archive.close();
        archive = spilling(2000);
        fragile.become(Mood.AWAY);
        CompletionException full = assertThrows(CompletionException.class, () -> {
            for (int i = 0; i < 20; i++) {
                await(archive.writeCandles(List.of(candle(BTC, i, 0, 1)), 7));
            }
        });
        assertEquals(ArchiveUnavailable.class, full.getCause().getClass());
        fragile.become(Mood.THERE);
        awaitDrained();
        await(archive.writeCandles(List.of(candle(BTC, 30, 0, 1)), 7));
        assertTrue(await(store.candles(BTC, ALL)).size() > 1);
    }
}
