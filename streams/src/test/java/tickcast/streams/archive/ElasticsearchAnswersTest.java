package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.minute;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.ElasticsearchShelf;
import tickcast.streams.elasticsearch.ScriptedServer;
import tickcast.streams.elasticsearch.ScriptedServer.Answer;
import tickcast.streams.elasticsearch.ScriptedServer.Request;

/** What becomes of answers that a real server does not give on demand. */
class ElasticsearchAnswersTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);
    private static final Retention SHORT = retention(Duration.ofDays(1));
    private static final String OLD = "scripted-candles-2026.01";
    private static final Instant LATER = minute(60 * 24 * 60);

    private final List<List<DeadLetters.Letter>> letters = new CopyOnWriteArrayList<>();
    private final List<String> keepers = new CopyOnWriteArrayList<>();
    private ScriptedServer server;
    private ElasticsearchArchive archive;

    private void open(Function<Request, Optional<Answer>> script) {
        server = ScriptedServer.start(script);
        archive = ElasticsearchArchive.open(
                server.settings(),
                MarketSource.KRAKEN,
                new DeadLetters() {
                    @Override
                    public void keep(List<Letter> refused) {
                        keepers.add(Thread.currentThread().getName());
                        letters.add(refused);
                    }

                    @Override
                    public void close() {}
                },
                new SimpleMeterRegistry());
    }

    @AfterEach
    void close() {
        archive.close();
        server.close();
    }

    private static Retention retention(Duration kept) {
        return new Retention(kept, kept, kept, kept, kept);
    }

    private static Optional<Answer> when(boolean asked, Answer answer) {
        return asked ? Optional.of(answer) : Optional.empty();
    }

    private static List<Candle> candles(int count) {
        return IntStream.range(0, count).mapToObj(i -> candle(BTC, i, 0, 1)).toList();
    }

    private static void assertUnavailable(CompletionStage<?> answer) {
        CompletionException failed = assertThrows(CompletionException.class, () -> ArchiveContract.await(answer));
        assertEquals(ArchiveUnavailable.class, failed.getCause().getClass(), () -> "is " + failed.getCause());
    }

    @Test
    void shouldNotTakeSomeShardsHitsForAll() {
        open(request -> request.is("POST", "/_search") && request.query().contains("allow_partial_search_results=false")
                ? Optional.of(Answer.error(503, "search_phase_execution_exception"))
                : Optional.empty());
        assertUnavailable(archive.candles(BTC, ALL));
    }

    @Test
    void shouldNotSearchWhereARefreshHasFailed() {
        open(request -> when(
                request.path().endsWith("/_refresh"),
                new Answer(200, "{\"_shards\":{\"total\":2,\"successful\":1,\"failed\":1}}")));
        assertUnavailable(archive.candles(BTC, ALL));
        assertEquals(List.of(), server.requests("POST", "/_search"));
    }

    @Test
    void shouldSpeakOfNothingButUnavailableWhenTheServerRefuses() {
        AtomicBoolean refuses = new AtomicBoolean(true);
        open(request -> when(
                refuses.get() && request.path().startsWith("/_index_template/"),
                Answer.error(400, "illegal_argument_exception")));
        assertUnavailable(archive.writeCandles(candles(1)));
        refuses.set(false);
        ArchiveContract.await(archive.writeCandles(candles(1)));
    }

    @Test
    void shouldSpeakOfNothingButUnavailableWhenAPointInTimeIsLost() {
        open(request ->
                when(request.path().endsWith("/_search"), Answer.error(404, "search_context_missing_exception")));
        assertUnavailable(archive.candles(BTC, ALL));
        try (ElasticsearchShelf shelf =
                ElasticsearchShelf.open(server.settings(), MarketSource.KRAKEN, new SimpleMeterRegistry())) {
            assertThrows(ArchiveUnavailable.class, shelf::descriptions);
        }
    }

    @Test
    void shouldKeepDeadLettersOnceAndTogetherWhenTheRestIsStored() {
        AtomicBoolean busy = new AtomicBoolean(true);
        open(request -> {
            if (!request.path().endsWith("/_bulk")) {
                return Optional.empty();
            }
            int[] first = {400, busy.get() ? 429 : 201, 400};
            int[] again = {busy.get() ? 429 : 201};
            return Optional.of(Answer.bulk(
                    request, "document_parsing_exception", request.operations().size() == 3 ? first : again));
        });
        for (int i = 0; i < 3; i++) {
            assertUnavailable(archive.writeCandles(candles(3)));
        }
        assertEquals(List.of(), letters, "it is written again with all its documents");

        busy.set(false);
        ArchiveContract.await(archive.writeCandles(candles(3)));

        assertEquals(1, letters.size());
        assertEquals(2, letters.get(0).size());
        assertEquals(List.of("archive-dead-letters"), keepers, "no thread that the client needs");
    }

    @Test
    void shouldNotTakeAClosedIndexForABadDocument() {
        open(request -> request.path().endsWith("/_bulk")
                ? Optional.of(Answer.bulk(request, "index_closed_exception", 400))
                : Optional.empty());
        assertUnavailable(archive.writeCandles(candles(2)));
        assertEquals(List.of(), letters);
    }

    @Test
    void shouldNoteWhichErrorsAreKeptUntilThatIsWritten() {
        AtomicBoolean away = new AtomicBoolean(true);
        open(request -> when(
                away.get() && request.method().equals("PUT") && request.path().contains("/_doc/"),
                Answer.error(503, "unavailable")));
        assertUnavailable(archive.expire(SHORT, LATER));
        away.set(false);
        int before = notes();

        ArchiveContract.await(archive.expire(SHORT, LATER));
        assertEquals(before + 1, notes());
        ArchiveContract.await(archive.expire(SHORT, LATER));
        assertEquals(before + 1, notes(), "known by now");
    }

    private int notes() {
        return server.requests("PUT", "kept-from").size();
    }

    @Test
    void shouldCountOthersRecordsAfterTheRefreshThatShowsThem() {
        AtomicBoolean refreshed = new AtomicBoolean();
        CountDownLatch counted = new CountDownLatch(1);
        open(request -> {
            if (request.path().endsWith("/_alias")) {
                return oldMonth(request);
            }
            if (request.path().endsWith("2026.01/_refresh")) {
                within300Millis(counted);
                refreshed.set(true);
            }
            if (request.path().endsWith("/_count")) {
                boolean others = request.body().contains("must_not");
                Answer answer = counted(others && !refreshed.get() ? 0 : 1);
                counted.countDown();
                return Optional.of(answer);
            }
            return Optional.empty();
        });
        ArchiveContract.await(archive.expire(SHORT, LATER));
        assertEquals(List.of(), server.requests("DELETE", OLD));
        assertEquals(2, server.requests("POST", "/_count").size());
    }

    /** It is no failure when nobody counts meanwhile. */
    private static void within300Millis(CountDownLatch counted) {
        try {
            counted.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<Answer> oldMonth(Request request) {
        return when(request.path().contains("candles"), new Answer(200, "{\"" + OLD + "\":{\"aliases\":{}}}"));
    }

    private static Answer counted(int records) {
        return new Answer(
                200,
                "{\"count\":" + records + ",\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0}}");
    }

    @Test
    void shouldSayWhenOldRecordsCanNotBeDeleted() {
        String hits = "{\"_index\":\"" + OLD + "\",\"_id\":\"1\",\"sort\":[1]}";
        open(request -> {
            if (request.path().endsWith("/_alias")) {
                return oldMonth(request);
            }
            if (request.path().endsWith("/_count")) {
                return Optional.of(counted(1));
            }
            if (request.path().endsWith("/_search")) {
                return Optional.of(
                        new Answer(200, ScriptedServer.NO_HITS.replace("\"hits\":[]", "\"hits\":[" + hits + "]")));
            }
            return request.path().endsWith("/_bulk")
                    ? Optional.of(Answer.bulk(request, "cluster_block_exception", 403))
                    : Optional.empty();
        });
        assertUnavailable(archive.expire(SHORT, LATER));
        assertTrue(server.requests("DELETE", OLD).isEmpty());
    }
}
