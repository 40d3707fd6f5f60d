package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.live;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.FragileArchive.Mood;
import tickcast.streams.archive.spill.SpillingArchive;

/** The store is away and the disk of the file in front of it is full. */
class SpillDiskFullTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);
    private static final int TOGETHER = 200;
    private static final long LIMIT = 64 << 20;

    @TempDir
    Path folder;

    @Test
    void shouldRefuseOnAFullDiskKeepWhatItHasAndGoOnWhenThereIsSpace() throws IOException {
        try (EmbeddedArchive store = EmbeddedArchive.open(folder.resolve("store"), MarketSource.KRAKEN);
                SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 1)) {
            FragileArchive fragile = new FragileArchive(store);
            fragile.become(Mood.AWAY);
            int minutes;
            try (SpillingArchive archive = open(fragile, disk, new SimpleMeterRegistry())) {
                minutes = fill(archive);
                for (int attempt = 0; attempt < 2; attempt++) {
                    assertFull(assertThrows(
                            CompletionException.class, () -> await(archive.writeCandles(candles(minutes), 7))));
                }
                disk.resize(16);
                await(archive.writeCandles(candles(minutes), 7));
                await(archive.writePredictions(List.of(live(BTC, minutes, "17"))));
            }
            Path file = disk.directory().resolve("kraken").resolve("spill.jsonl");
            assertEquals(minutes + TOGETHER + 1, Files.readAllLines(file).size(), "nothing torn");

            fragile.become(Mood.THERE);
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (SpillingArchive archive = open(fragile, disk, meters)) {
                SpillingArchiveTest.awaitDrained(meters);
                assertEquals(minutes + TOGETHER, await(store.candles(BTC, ALL)).size());
                assertEquals(1, await(archive.predictions(BTC, ALL)).size());
            }
            assertEquals(0, Files.size(file));
        }
    }

    private static SpillingArchive open(FragileArchive fragile, SmallDisk disk, MeterRegistry meters) {
        return SpillingArchive.open(fragile.seen(), disk.directory(), MarketSource.KRAKEN, LIMIT, true, meters);
    }

    /** Writes until the disk is full. Returns how many minutes were taken. */
    private static int fill(SpillingArchive archive) {
        for (int minutes = 0; minutes * 100 < LIMIT; minutes += TOGETHER) {
            try {
                await(archive.writeCandles(candles(minutes), 7));
            } catch (CompletionException full) {
                assertFull(full);
                assertTrue(minutes > 0);
                return minutes;
            }
        }
        throw new AssertionError("the disk did not become full");
    }

    private static void assertFull(CompletionException failure) {
        assertEquals(ArchiveUnavailable.class, failure.getCause().getClass());
        assertTrue(failure.getMessage().contains("No space left"), failure.getMessage());
    }

    private static List<Candle> candles(int first) {
        return IntStream.range(first, first + TOGETHER)
                .mapToObj(minute -> candle(BTC, minute, 0, 64000 + minute))
                .toList();
    }
}
