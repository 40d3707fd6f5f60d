package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Sink;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.FeedState;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;

/** Begin and restart, against a Kraken on loopback. The clock stands at 14:00:20 until somebody subscribes. */
class KrakenFeedTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final List<Symbol> SYMBOLS = List.of(BTC, ETH);
    private static final Instant NOW = Instant.parse("2026-01-05T14:00:20Z");
    private static final Instant LAST_CLOSED = Instant.parse("2026-01-05T13:59:00Z");
    private static final Instant OPEN_MINUTE = Instant.parse("2026-01-05T14:00:00Z");
    private static final List<Trade> SCRIPT = TradeScript.random(
            5,
            SYMBOLS,
            6_000,
            NOW.minus(Duration.ofHours(15)),
            Duration.ofHours(15).plusMinutes(5));

    private final CandleArchive archive = new CandleArchive();
    private final SteppedClock clock = new SteppedClock(NOW, Duration.ofMillis(500));
    private final KrakenServer server = server();

    private KrakenServer server() {
        try {
            return KrakenServer.start(KIT.system().classicSystem(), SCRIPT, clock);
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private KrakenFeed feed(boolean readBack, URI webSocketUrl) {
        KrakenSettings usual = KrakenSettings.defaults(webSocketUrl, server.restUrl());
        KrakenSettings.Rest rest = new KrakenSettings.Rest(
                Duration.ofMillis(2),
                Duration.ofSeconds(5),
                Duration.ofMillis(2),
                Duration.ofMillis(20),
                6,
                4 << 20,
                readBack,
                Duration.ZERO);
        KrakenSettings settings = new KrakenSettings(
                usual.webSocketUrl(),
                usual.restUrl(),
                usual.grace(),
                Duration.ofMinutes(2),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                usual.historyLag(),
                usual.aheadAtMost(),
                usual.backoffMin(),
                usual.backoffMax(),
                usual.connectBudget(),
                usual.connectBudgetWindow(),
                usual.pingEvery(),
                1000,
                usual.symbolsPerSubscribe(),
                usual.maxFrameChars(),
                Duration.ofMillis(5),
                rest);
        return new KrakenFeed(
                KIT.system().classicSystem(),
                settings,
                SYMBOLS,
                clock,
                new SimpleMeterRegistry(),
                new Random(1),
                Backfill.Patience.usual());
    }

    private List<FeedEvent> eventsUntil(KrakenFeed feed, Instant from, Instant closeTime, int revisions)
            throws Exception {
        int[] revised = new int[1];
        boolean[] passed = new boolean[1];
        return result(feed.events(from)
                .takeWhile(
                        event -> {
                            revised[0] += event instanceof CandlesRevised more
                                    ? more.candles().size()
                                    : 0;
                            passed[0] |= event instanceof MinutePassed minute
                                    && minute.closeTime().equals(closeTime);
                            return !passed[0] || revised[0] < revisions;
                        },
                        true)
                .runWith(Sink.seq(), KIT.system()));
    }

    private static <T> List<T> only(List<FeedEvent> events, Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static Prediction prediction(Symbol symbol, Instant asOf) {
        return new Prediction(
                symbol,
                "kraken",
                asOf,
                asOf,
                asOf.plusSeconds(300),
                1,
                1,
                0,
                List.of(),
                0.5,
                Prediction.NAIVE,
                "",
                Status.LIVE,
                null,
                true,
                1,
                new double[0]);
    }

    @Test
    void shouldBeginAFreshStartWithTheLastClosedMinute() throws Exception {
        KrakenFeed feed = feed(false, server.webSocketUrl());
        assertEquals(LAST_CLOSED, result(feed.prepare(archive)));
        List<Candle> stored = result(archive.candles(BTC, Page.all(Instant.MIN, Instant.MAX)));
        assertEquals(LAST_CLOSED, stored.get(stored.size() - 1).closeTime());
        assertTrue(stored.size() > 600);
        for (int i = 1; i < stored.size(); i++) {
            assertEquals(stored.get(i - 1).closeTime(), stored.get(i).openTime(), "no hole");
        }
        assertTrue(stored.stream()
                .allMatch(candle -> candle.imported() && candle.quality().isWhole()));
        assertTrue(stored.stream().anyMatch(candle -> candle.quality() == Quality.EMPTY));

        List<FeedEvent> events = eventsUntil(feed, LAST_CLOSED, OPEN_MINUTE.plusSeconds(120), 0);
        assertEquals(
                FeedState.CATCHING_UP,
                assertInstanceOf(StateChanged.class, events.get(0)).state());
        MinutePassed first = assertInstanceOf(MinutePassed.class, events.get(1));
        assertEquals(OPEN_MINUTE, first.closeTime());
        assertEquals(2, first.candles().size());
        assertTrue(first.alive() && first.unsure().isEmpty());
        assertEquals(3, only(events, MinutePassed.class).size());
        CandleLedger ledger = new CandleLedger(SYMBOLS);
        events.forEach(ledger::take);
        assertEquals(0, ledger.duplicates());
        for (Symbol symbol : SYMBOLS) {
            CandleBuilder.candlesOf(symbol, of(symbol), Coverage.SEEN).stream()
                    .filter(candle -> candle.openTime().equals(OPEN_MINUTE))
                    .forEach(expected -> assertTrue(
                            expected.sameMarket(ledger.candles(symbol).get(OPEN_MINUTE))));
        }
    }

    private static List<Trade> of(Symbol symbol) {
        return SCRIPT.stream().filter(trade -> trade.symbol().equals(symbol)).toList();
    }

    @Test
    void shouldGoOnAfterTheOldestOfTheNewestPredictions() throws Exception {
        archive.writePredictions(List.of(
                prediction(BTC, OPEN_MINUTE.minusSeconds(600)), prediction(ETH, OPEN_MINUTE.minusSeconds(540))));
        KrakenFeed feed = feed(false, server.webSocketUrl());
        Instant from = result(feed.prepare(archive));
        assertEquals(OPEN_MINUTE.minusSeconds(600), from);
        List<MinutePassed> minutes = only(eventsUntil(feed, from, OPEN_MINUTE.plusSeconds(60), 0), MinutePassed.class);
        assertEquals(11, minutes.size());
        assertEquals(from.plusSeconds(60), minutes.get(0).closeTime());
        assertEquals(
                10,
                minutes.stream().filter(minute -> !minute.candles().isEmpty()).count());
    }

    @Test
    void shouldStartAfreshAfterALongPause() throws Exception {
        archive.writePredictions(List.of(prediction(BTC, NOW.minus(Duration.ofHours(13)))));
        assertEquals(LAST_CLOSED, result(feed(false, server.webSocketUrl()).prepare(archive)));
    }

    @Test
    void shouldBearRefusalsOfRest() throws Exception {
        server.failRest(
                "503", KrakenWords.error("EAPI:Rate limit exceeded"), "<html>", KrakenWords.error("EService:Busy"));
        Instant from = result(feed(false, server.webSocketUrl()).prepare(archive));
        assertTrue(from.equals(LAST_CLOSED) || from.equals(OPEN_MINUTE), "html costs one symbol its history");
        server.failRest("<html>", "<html>");
        assertEquals(OPEN_MINUTE, result(feed(false, server.webSocketUrl()).prepare(archive)), "from trades alone");
    }

    @Test
    void shouldReadBackWhatTheArchiveLacksInTheBackground() throws Exception {
        KrakenFeed feed = feed(true, server.webSocketUrl());
        Instant from = result(feed.prepare(archive));
        int wanted = SYMBOLS.stream()
                .mapToInt(symbol -> (int) CandleBuilder.candlesOf(symbol, of(symbol), Coverage.SEEN).stream()
                        .filter(candle -> candle.openTime().isBefore(OPEN_MINUTE))
                        .count())
                .sum();
        List<CandlesRevised> chunks =
                only(eventsUntil(feed, from, OPEN_MINUTE.plusSeconds(60), wanted), CandlesRevised.class);
        for (Symbol symbol : SYMBOLS) {
            List<Candle> read = chunks.stream()
                    .filter(chunk -> chunk.symbol().equals(symbol))
                    .flatMap(chunk -> chunk.candles().stream())
                    .toList();
            assertEquals(LAST_CLOSED, read.get(read.size() - 1).openTime());
            assertTrue(read.stream().noneMatch(candle -> Double.isNaN(candle.buyVolume())));
            archive.writeCandles(
                    read.stream().map(candle -> candle.withRevision(1, NOW)).toList());
        }
        assertTrue(chunks.size() <= 4, "in large chunks");
    }

    @Test
    void shouldTellWhetherKrakenCanBeReached() throws Exception {
        assertTrue(result(feed(false, server.webSocketUrl()).reachable(Duration.ofSeconds(20))));
        assertFalse(result(feed(false, URI.create("ws://127.0.0.1:1/v2")).reachable(Duration.ofSeconds(20))));
    }

    @Test
    void shouldReadItsSettings() {
        KrakenSettings settings = KrakenSettings.from(ConfigFactory.parseString(
                "websocket-url = \"wss://a/v2\", rest-url = \"https://b\", frame-timeout = 3s, connect-budget = 7"));
        assertEquals(URI.create("wss://a/v2"), settings.webSocketUrl());
        assertEquals(Duration.ofSeconds(3), settings.frameTimeout());
        assertEquals(7, settings.connectBudget());
        assertEquals(Duration.ofMillis(500), settings.grace());
    }
}
