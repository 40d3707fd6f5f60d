package tickcast.streams.archive.spill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.record.RecordCodec;
import tickcast.streams.record.Stamped;

class SpillTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private Spill spill;

    @BeforeEach
    void open() throws IOException {
        spill = new Spill(
                away(), new RecentRecords(10, 1 << 20), SpillFile.open(directory.resolve("spill.jsonl"), 20_000));
        spill.begin();
    }

    @AfterEach
    void close() {
        spill.close();
    }

    private Archive away() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    asked.incrementAndGet();
                    return CompletableFuture.failedStage(new ArchiveUnavailable("away", null));
                });
    }

    private static byte[] line(int minute) {
        Instant open = NOON.plus(Duration.ofMinutes(minute));
        Candle candle = Candle.empty(BTC, open, 64000, open.plusSeconds(60));
        return RecordCodec.CANDLE.encode(new Stamped<>(candle, "kraken", 7));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldKeepWhatFitsThoughWhatComesWithItDoesNot() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        spill.after(Duration.ZERO, () -> {
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        byte[] large = "x".repeat(30_000).getBytes(StandardCharsets.UTF_8);
        AtomicInteger kept = new AtomicInteger();
        CompletionStage<Void> refused = spill.append(spill.begun(), List.of(large), () -> kept.addAndGet(100));
        CompletionStage<Void> first = spill.append(spill.begun(), List.of(line(0)), kept::incrementAndGet);
        CompletionStage<Void> second = spill.append(spill.begun(), List.of(line(1)), kept::incrementAndGet);
        held.countDown();
        await(first);
        await(second);
        ExecutionException full = assertThrows(ExecutionException.class, () -> await(refused));
        assertEquals(ArchiveUnavailable.class, full.getCause().getClass());
        assertEquals(2, kept.get());
    }

    @Test
    void shouldNotAskAStoreThatIsAwayWithEveryLine() throws Exception {
        for (int minute = 0; minute < 40; minute++) {
            await(spill.append(spill.begun(), List.of(line(minute)), () -> {}));
        }
        assertTrue(asked.get() < 20, () -> "asked " + asked + " times");
    }

    @Test
    void shouldEndWhatHadNothingToKeep() throws Exception {
        await(spill.append(spill.begun(), List.of(), () -> {}));
        await(spill.reached());
        assertFalse(spill.isSpilling());
    }

    @Test
    void shouldTellWhenWhatHasBegunHasReachedTheStore() throws Exception {
        await(spill.reached());
        long first = spill.begun();
        long second = spill.begun();
        CompletableFuture<Void> both = spill.reached();
        long third = spill.begun();
        spill.ended(second);
        assertFalse(both.isDone());
        spill.ended(first);
        await(both);
        assertFalse(spill.reached().isDone());
        spill.ended(third);
        await(spill.reached());
    }
}
