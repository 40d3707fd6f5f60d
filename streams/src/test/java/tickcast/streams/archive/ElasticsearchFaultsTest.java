package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.shadow;
import static tickcast.streams.archive.Records.vector;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.elasticsearch.Sandbox;

class ElasticsearchFaultsTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final Retention KEPT_A_DAY = new Retention(DAY, DAY, DAY, DAY, DAY);
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
            long gone = ArchiveContract.await(archive.expire(KEPT_A_DAY, minute(60 * 24 * 60)));
            assertEquals(1, gone);
            assertEquals(List.of(), ArchiveContract.await(archive.candles(BTC, ALL)));
            assertEquals(2, ArchiveContract.await(other.candles(BTC, ALL)).size());
        }
    }

    @Test
    void shouldDeleteNothingOfAnotherSourceThatNoSearchSeesYet() {
        try (ElasticsearchArchive other = ElasticsearchArchive.open(
                sandbox.settings(),
                MarketSource.replay("3fa1"),
                DeadLetterFile.below(directory, MarketSource.replay("3fa1")),
                new SimpleMeterRegistry())) {
            List<Candle> theirs = List.of(candle(BTC, 0, 0, 2), candle(BTC, 1, 0, 2));
            ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
            sandbox.ask("POST", "/faults-candles-2026.01/_refresh", "");
            ArchiveContract.await(other.writeCandles(theirs));
            assertEquals(1, ArchiveContract.await(archive.expire(KEPT_A_DAY, minute(60 * 24 * 60))));
            assertEquals(theirs, ArchiveContract.await(other.candles(BTC, ALL)));

            assertEquals(0, ArchiveContract.await(archive.expire(KEPT_A_DAY, minute(60 * 24 * 60))));
            assertEquals(2, ArchiveContract.await(other.expire(KEPT_A_DAY, minute(60 * 24 * 60))));
            sandbox.ask("PUT", "/faults-candles-2025.11", "{}");
            assertEquals(0, ArchiveContract.await(archive.expire(KEPT_A_DAY, minute(60 * 24 * 60))));
            assertTrue(
                    sandbox.ask("GET", "/faults-candles-*/_alias", "").contains("2025.11"), "another's, for now empty");
        }
    }

    @Test
    void shouldHoldBackWhatBelongsIntoAClosedIndex() {
        ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 0, 0, 1))));
        sandbox.ask("POST", "/faults-candles-2026.01/_close", "");
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 1, 0, 1)))));
        assertEquals(ArchiveUnavailable.class, failed.getCause().getClass());
        assertFalse(Files.exists(directory.resolve("kraken").resolve("dead-letters.jsonl")));

        sandbox.ask("POST", "/faults-candles-2026.01/_open", "");
        ArchiveContract.await(archive.writeCandles(List.of(candle(BTC, 1, 0, 1))));
        assertEquals(2, ArchiveContract.await(archive.candles(BTC, ALL)).size());
    }

    @Test
    void shouldLayAPredictionAsideWhosePlaceIsTakenByWhatCanNotBeRead() throws IOException {
        Prediction blocked = live(BTC, 0, "17");
        Prediction free = live(BTC, 1, "17");
        archive.awaitReady(Duration.ofSeconds(60));
        sandbox.ask("PUT", "/faults-predictions-2026.01/_doc/kraken%7CBTC%2FUSD%7C2026-01-05T12:00:00.000Z", """
                {"v":9,"kind":"prediction","source":"kraken","epoch":1,"symbol":"BTC/USD","asOf":"2026-01-05T12:00:00.000Z"}
                """);

        assertEquals(List.of(blocked, free), ArchiveContract.await(archive.writePredictions(List.of(blocked, free))));

        assertEquals(List.of(free.id()), ids(ArchiveContract.await(archive.predictions(BTC, ALL))));
        List<String> letters = Files.readAllLines(directory.resolve("kraken").resolve("dead-letters.jsonl"));
        assertEquals(1, letters.size());
        assertTrue(letters.get(0).contains("can't be read"), letters.get(0));
    }

    /** More than are compared at once, and a cut amid a minute's. */
    @Test
    void shouldCompareAllPredictionsWithTheirErrors() {
        List<Prediction> made = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            made.addAll(List.of(live(BTC, i, "17"), shadow(BTC, i, "18"), shadow(BTC, i, "19")));
        }
        ArchiveContract.await(archive.writePredictions(made));
        List<Prediction> waiting = new ArrayList<>(made.subList(0, 2));
        waiting.addAll(made.subList(1997, 2003));
        waiting.add(made.get(2099));
        ArchiveContract.await(archive.writeErrors(made.stream()
                .filter(prediction -> !waiting.contains(prediction))
                .map(prediction -> error(prediction, 64000))
                .toList()));
        assertEquals(ids(waiting), ids(ArchiveContract.await(archive.unmatured(BTC, Instant.EPOCH, minute(60 * 24)))));
        assertEquals(
                ids(waiting.subList(0, 2)),
                ids(ArchiveContract.await(archive.unmatured(BTC, Instant.EPOCH, minute(60)))));
    }

    private static List<String> ids(List<Prediction> predictions) {
        return predictions.stream().map(Prediction::id).toList();
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
