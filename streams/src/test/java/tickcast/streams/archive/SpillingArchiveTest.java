package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.NOON;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.fallback;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.vector;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
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
        awaitDrained(meters);
    }

    /** Waits until nothing is in the file any more. */
    static void awaitDrained(MeterRegistry meters) {
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

    @Test
    void shouldKnowNothingOfWhatNeitherTheStoreNorAFullFileTook() {
        archive.close();
        archive = spilling(10);
        await(archive.unmatured(BTC, Instant.MIN, Instant.MAX));
        Prediction waiting = live(BTC, 0, "17");
        Prediction next = live(BTC, 1, "17");
        await(archive.writePredictions(List.of(waiting)));
        fragile.become(Mood.AWAY);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertUnavailable(() -> archive.writePredictions(List.of(next)));
            assertUnavailable(() -> archive.writeErrors(List.of(error(waiting, 64001))));
            assertUnavailable(() -> archive.writeFeatures(List.of(vector(BTC, 1, "a", 1, 2))));
        }
        assertEquals(1, await(archive.unmatured(BTC, Instant.MIN, Instant.MAX)).size());
        assertEquals(1, await(archive.predictions(BTC, ALL)).size());
        assertEquals(0, await(archive.allErrors(BTC, ALL)).size());

        fragile.become(Mood.THERE);
        awaitDrained();
        await(archive.writePredictions(List.of(next)));
        await(archive.writeErrors(List.of(error(waiting, 64001))));
        assertEquals(2, await(store.predictions(BTC, ALL)).size());
        assertEquals(1, await(store.errors(BTC, ALL)).size());
    }

    private static void assertUnavailable(Supplier<CompletionStage<?>> call) {
        CompletionException failed = assertThrows(CompletionException.class, () -> await(call.get()));
        assertEquals(ArchiveUnavailable.class, failed.getCause().getClass());
    }

    @Test
    void shouldRefuseWhatCanNotBeWrittenDownAndKeepTheRest() {
        fragile.become(Mood.AWAY);
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1)), 7));
        CompletionStage<?> foreign = archive.writePredictions(List.of(foreign(live(BTC, 2, "17"))));
        CompletionStage<?> good = archive.writePredictions(List.of(live(BTC, 2, "17")));
        CompletionException refused = assertThrows(CompletionException.class, () -> await(foreign));
        assertEquals(IllegalArgumentException.class, refused.getCause().getClass());
        await(good);
        fragile.become(Mood.THERE);
        awaitDrained();
        assertEquals(1, await(store.predictions(BTC, ALL)).size());
    }

    @Test
    void shouldLetTheFirstInTheFileWinOfTwoThatAreWrittenAtOnce() {
        await(archive.unmatured(BTC, Instant.MIN, Instant.MAX));
        fragile.become(Mood.AWAY);
        await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1)), 7));
        List<CompletionStage<List<Prediction>>> both = List.of(
                archive.writePredictions(List.of(live(BTC, 2, "17"))),
                archive.writePredictions(List.of(fallback(BTC, 2))));
        List<String> answers = both.stream()
                .map(answer -> await(answer).get(0).modelVersion())
                .distinct()
                .toList();
        fragile.become(Mood.THERE);
        awaitDrained();
        List<String> kept = await(store.predictions(BTC, ALL)).stream()
                .map(Prediction::modelVersion)
                .toList();
        assertEquals(kept, answers);
    }

    @Test
    void shouldTakeAStoreThatThrowsForOneThatIsAway() {
        fragile.become(Mood.BROKEN);
        writeAMinute();
        fragile.become(Mood.THERE);
        awaitDrained();
        assertEquals(1, await(store.candles(BTC, ALL)).size());
        assertEquals(1, await(store.errors(BTC, ALL)).size());
    }

    @Test
    void shouldLookAtTheAgeOfRecordsOnlyWhenTheStoreHasThem() {
        Prediction prediction = live(BTC, 0, "17");
        fragile.become(Mood.AWAY);
        await(archive.writePredictions(List.of(prediction)));
        await(archive.writeErrors(List.of(error(prediction, 64001))));
        Duration year = Duration.ofDays(365);
        CompletionStage<Long> expired = archive.expire(
                new Retention(year, year, year, Duration.ofDays(1), year), NOON.plus(Duration.ofDays(40)));
        fragile.become(Mood.THERE);
        assertEquals(1, await(expired));
        awaitDrained();
        assertEquals(0, await(store.errors(BTC, ALL)).size());
        assertEquals(1, await(store.predictions(BTC, ALL)).size());
        assertEquals(0, await(archive.unmatured(BTC, Instant.MIN, Instant.MAX)).size());
    }

    @Test
    void shouldForgetNothingThatTheStoreCouldNotDelete() {
        Prediction prediction = live(BTC, 0, "17");
        await(archive.unmatured(BTC, Instant.MIN, Instant.MAX));
        await(archive.writePredictions(List.of(prediction)));
        await(archive.writeErrors(List.of(error(prediction, 64001))));
        fragile.become(Mood.AWAY);
        Duration day = Duration.ofDays(1);
        assertUnavailable(() -> archive.expire(new Retention(day, day, day, day, day), NOON.plus(Duration.ofDays(40))));
        assertEquals(1, await(archive.errors(BTC, ALL)).size());
        assertEquals(0, await(archive.unmatured(BTC, Instant.MIN, Instant.MAX)).size());
    }
}
