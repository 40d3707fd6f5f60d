package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.vector;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.elasticsearch.Sandbox;

class ElasticsearchFaultsTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    @TempDir
    Path directory;

    private Sandbox sandbox;
    private ElasticsearchArchive archive;

    @BeforeEach
    void open() {
        sandbox = Sandbox.inSharedServer("faults");
        archive = open(sandbox.settings());
    }

    private ElasticsearchArchive open(ElasticsearchSettings settings) {
        return ElasticsearchArchive.open(
                settings,
                MarketSource.KRAKEN,
                DeadLetterFile.below(directory, MarketSource.KRAKEN),
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        archive.close();
        sandbox.close();
    }

    @Test
    void shouldKeepWhatAWrongMappingRefusesAsDeadLettersAndGoOn() throws IOException {
        archive.awaitReady(Duration.ofSeconds(60));
        sandbox.ask(
                "PUT",
                "/faults-features-2026.01",
                "{\"mappings\":{\"properties\":{\"lastPrice\":{\"type\":\"boolean\"}}}}");

        ArchiveContract.await(
                archive.writeFeatures(List.of(vector(BTC, 0, "a", 1), vector(BTC, 60 * 24 * 40, "a", 1))));
        ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1)), 1));

        List<String> letters = Files.readAllLines(directory.resolve("kraken").resolve("dead-letters.jsonl"));
        assertEquals(1, letters.size());
        assertTrue(
                letters.get(0).contains("\"kind\":\"features\"")
                        && letters.get(0).contains("lastPrice"),
                letters.get(0));
        assertEquals(1, ArchiveContract.await(archive.features(BTC, ALL)).size(), "the other month's");
        assertEquals(1, ArchiveContract.await(archive.candles(BTC, ALL)).size());
    }

    @Test
    void shouldReadLongPagesAtOneMomentAndLeaveOutWhatItCanNotRead() {
        List<Candle> two = java.util.stream.IntStream.range(0, 6000)
                .mapToObj(i -> candle(BTC, i, 0, i))
                .toList();
        ArchiveContract.await(archive.writeCandles(two, 1));
        sandbox.ask("POST", "/faults-candles-2026.01/_doc/odd?refresh=true", """
                {"v":9,"kind":"candle","source":"kraken","epoch":1,"symbol":"BTC/USD","openTime":"2026-01-05T12:00:30.000Z"}
                """);
        assertEquals(two, ArchiveContract.await(archive.candles(BTC, ALL)));
        assertEquals(two.subList(500, 6000), ArchiveContract.await(archive.candles(BTC, Page.latest(5500))));
    }

    @Test
    void shouldLetSourcesShareIndicesAndNotEachOthersRecords() {
        try (ElasticsearchArchive other = ElasticsearchArchive.open(
                sandbox.settings(),
                MarketSource.replay("3fa1"),
                DeadLetterFile.below(directory, MarketSource.replay("3fa1")),
                new SimpleMeterRegistry())) {
            ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
            ArchiveContract.await(other.writeCandles(List.of(candle(BTC, 0, 0, 2), candle(BTC, 1, 0, 2))));
            assertEquals(1, ArchiveContract.await(archive.candles(BTC, ALL)).size());
            Duration day = Duration.ofDays(1);
            long gone = ArchiveContract.await(archive.expire(
                    new tickcast.model.archive.Retention(day, day, day, day, day), minute(60 * 24 * 60)));
            assertEquals(1, gone);
            assertEquals(List.of(), ArchiveContract.await(archive.candles(BTC, ALL)));
            assertEquals(2, ArchiveContract.await(other.candles(BTC, ALL)).size());
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        ElasticsearchSettings nowhere = new ElasticsearchSettings(
                List.of(URI.create("http://127.0.0.1:1")),
                Optional.empty(),
                Optional.empty(),
                "faults",
                Duration.ofSeconds(1),
                Duration.ofMillis(200));
        try (ElasticsearchArchive away = open(nowhere)) {
            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> ArchiveContract.await(away.writePredictions(List.of(live(BTC, 0, "17")))));
            assertEquals(ArchiveUnavailable.class, failed.getCause().getClass());
            assertTrue(failed.getCause().getMessage().contains("http://127.0.0.1:1"));
        }
    }
}
