package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.KillSwitch;
import akka.stream.KillSwitches;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.HistoryProgress;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.HistoryAdvanced;

/** Days of history against a Kraken on loopback: order, politeness, kill and resume, failures, figures. */
class BackfillTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final ActorSystem SYSTEM = KIT.system().classicSystem();
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final List<Symbol> SYMBOLS = List.of(BTC, ETH);
    private static final Instant END = Instant.parse("2026-01-05T00:00:00Z");
    private static final Instant UNTIL = END.plus(Duration.ofHours(36));
    private static final InstantSource CLOCK = () -> UNTIL;
    private static final int DAYS = 4;
    private static final Duration DEPTH = Duration.ofHours(36 + 24 * DAYS);
    private static final Instant FIRST = END.minus(Duration.ofDays(DAYS));
    private static final Backfill.Patience QUICK =
            new Backfill.Patience(Duration.ofMillis(60), Duration.ofMillis(200), Duration.ZERO);
    private static final List<Trade> SCRIPT = TradeScript.random(
            7,
            SYMBOLS,
            24_000,
            FIRST.minus(Duration.ofHours(1)),
            Duration.ofDays(DAYS).plusHours(25));

    private final CandleArchive archive = new CandleArchive();
    private KrakenServer server;

    @BeforeEach
    void start() throws Exception {
        serve(SCRIPT);
    }

    private void serve(List<Trade> script) throws Exception {
        server = KrakenServer.start(SYSTEM, script, () -> UNTIL);
        // The first beat plays everything; a call that comes later waits for it.
        KIT.createTestProbe().awaitAssert(Duration.ofSeconds(10), () -> {
            server.inject(KrakenServer.Fault.GO_SILENT);
            assertEquals(script.size(), server.happened());
            return true;
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private KrakenRest rest(Duration interval) {
        KrakenSettings.Rest settings = new KrakenSettings.Rest(
                interval, Duration.ofSeconds(5), Duration.ofMillis(2), Duration.ofMillis(5), 2, 4 << 20, true, DEPTH);
        return new KrakenRest(
                SYSTEM, server.restUrl(), settings, new FeedMetrics(new SimpleMeterRegistry()), new Random(1));
    }

    private Source<FeedEvent, NotUsed> backfill(KrakenRest rest) {
        return Backfill.read(SYSTEM, rest, archive, SYMBOLS, END, UNTIL, DEPTH, QUICK, CLOCK);
    }

    private List<FeedEvent> all(Source<FeedEvent, NotUsed> events) throws Exception {
        return result(events.runWith(Sink.seq(), SYSTEM));
    }

    private static <T> T result(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static List<HistoryProgress> progress(List<FeedEvent> events) {
        return events.stream()
                .filter(HistoryAdvanced.class::isInstance)
                .map(event -> ((HistoryAdvanced) event).progress())
                .toList();
    }

    private List<Candle> stored(Symbol symbol) throws Exception {
        return result(archive.candles(symbol, Page.all(Instant.MIN, Instant.MAX)));
    }

    private void assertComplete() throws Exception {
        for (Symbol symbol : SYMBOLS) {
            Map<Instant, Candle> expected = CandleBuilder.candlesOf(
                            symbol,
                            SCRIPT.stream()
                                    .filter(trade -> trade.symbol().equals(symbol))
                                    .toList(),
                            Coverage.FILLED)
                    .stream()
                    .collect(Collectors.toMap(Candle::openTime, candle -> candle));
            List<Candle> candles = stored(symbol);
            Instant next = candles.get(0).openTime();
            assertTrue(next.isBefore(FIRST.plusSeconds(1800)), "from the first trade of the first day on");
            for (Candle candle : candles) {
                assertEquals(next, candle.openTime(), "no hole");
                assertTrue(candle.imported() && candle.knownAt().equals(candle.closeTime()), "nominal known-at");
                if (expected.containsKey(next)) {
                    assertEquals(expected.get(next), candle);
                } else {
                    assertEquals(Quality.EMPTY, candle.quality());
                }
                next = candle.closeTime();
            }
            assertEquals(END, next);
        }
    }

    @Test
    void shouldReadTheNewestDayFirstAndTheSymbolsInTurn() throws Exception {
        List<HistoryProgress> told = progress(all(backfill(rest(Duration.ofMillis(1)))));
        assertComplete();
        List<String> order = server.tradesCalls().stream()
                .filter(call -> call.since().equals(call.since().truncatedTo(ChronoUnit.DAYS)))
                .map(call -> call.symbol() + " " + call.since())
                .toList();
        List<String> expected = new ArrayList<>();
        for (int back = 1; back <= DAYS; back++) {
            for (Symbol symbol : SYMBOLS) {
                expected.add(symbol + " " + END.minus(Duration.ofDays(back)));
            }
        }
        assertEquals(expected, order);
        double before = 0;
        for (HistoryProgress at : told) {
            double days = at.symbols().stream()
                    .mapToDouble(HistoryProgress.OfSymbol::days)
                    .sum();
            assertTrue(days >= before, "days only grow");
            before = days;
        }
        HistoryProgress last = told.get(told.size() - 1);
        assertTrue(last.isComplete());
        assertEquals(new HistoryProgress.OfSymbol(ETH, 5.5, 5.5), last.symbols().get(1));
        assertEquals("History is complete: 5 days of 2 symbols.", last.detail());
        HistoryProgress middle = told.get(told.size() / 2);
        assertTrue(middle.remainingMillis() > 0);
        assertTrue(middle.detail().matches("History: BTC/USD \\d of 5 days, ETH/USD \\d of 5 days; about .* left\\."));
    }

    @Test
    void shouldGoOnAfterAKillWithoutReadingAgainWhatIsThere() throws Exception {
        all(backfill(rest(Duration.ofMillis(1))));
        int whole = server.tradesCalls().size();
        server.close();
        CandleArchive full = new CandleArchive();
        for (Symbol symbol : SYMBOLS) {
            full.writeCandles(stored(symbol));
        }

        CandleArchive torn = new CandleArchive();
        serve(SCRIPT);
        for (int pages : new int[] {2, 3, 5, 7, 1000}) {
            all(Backfill.read(SYSTEM, rest(Duration.ofMillis(1)), torn, SYMBOLS, END, UNTIL, DEPTH, QUICK, CLOCK)
                    .take(pages));
        }
        for (Symbol symbol : SYMBOLS) {
            assertEquals(
                    result(full.candles(symbol, Page.all(Instant.MIN, Instant.MAX))),
                    result(torn.candles(symbol, Page.all(Instant.MIN, Instant.MAX))));
        }
        int kills = 4;
        assertTrue(
                server.tradesCalls().size() <= whole + 2 * kills,
                server.tradesCalls().size() + " pages in five runs, " + whole + " in one");
        int before = server.tradesCalls().size();
        all(Backfill.read(SYSTEM, rest(Duration.ofMillis(1)), torn, SYMBOLS, END, UNTIL, DEPTH, QUICK, CLOCK));
        assertEquals(before, server.tradesCalls().size(), "all of it is there");
    }

    @Test
    void shouldAskOnlyForTheMinutesThatAreLacking() throws Exception {
        all(backfill(rest(Duration.ofMillis(1))));
        List<Candle> btc = stored(BTC);
        Instant hole = END.minus(Duration.ofHours(30));
        CandleArchive imported = new CandleArchive();
        imported.writeCandles(stored(ETH));
        imported.writeCandles(btc);
        Candle torn = Candle.missing(BTC, hole, 1, hole).withRevision(3, hole);
        imported.writeCandles(List.of(torn), UNTIL.minusSeconds(60).toEpochMilli());
        int before = server.tradesCalls().size();
        Backfill.read(SYSTEM, rest(Duration.ofMillis(1)), imported, SYMBOLS, END, UNTIL, DEPTH, QUICK, CLOCK)
                .runWith(Sink.seq(), SYSTEM)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        List<Instant> asked = server
                .tradesCalls()
                .subList(before, server.tradesCalls().size())
                .stream()
                .map(KrakenServer.TradesCall::since)
                .filter(since -> !since.isBefore(FIRST.plusSeconds(60)))
                .toList();
        assertEquals(List.of(hole), asked);
        Candle mended = result(imported.candles(BTC, Page.all(hole, hole.plusSeconds(60))))
                .get(0);
        assertEquals(4, mended.revision());
        assertTrue(mended.quality().isWhole());
    }

    @Test
    void shouldComeBackToADayThatFailedWhileTheOthersGoOn() throws Exception {
        Instant bad = END.minus(Duration.ofDays(1));
        int[] refusals = new int[1];
        server.refuseTrades(call -> call.symbol().equals(BTC)
                && !call.since().isBefore(bad)
                && call.since().isBefore(END)
                && refusals[0]++ < 4);
        all(backfill(rest(Duration.ofMillis(1))));
        assertComplete();
        List<KrakenServer.TradesCall> calls = server.tradesCalls();
        int lastOfBad = 0;
        int firstOfNext = Integer.MAX_VALUE;
        for (int i = 0; i < calls.size(); i++) {
            boolean isBad =
                    calls.get(i).symbol().equals(BTC) && !calls.get(i).since().isBefore(bad);
            lastOfBad = isBad ? i : lastOfBad;
            firstOfNext = isBad ? firstOfNext : Math.min(firstOfNext, i);
        }
        assertTrue(firstOfNext < lastOfBad, "others went on meanwhile");
        assertEquals(2, firstOfNext, "after the two attempts that REST makes");
    }

    @Test
    void shouldRestWhenTheExchangeComplains() throws Exception {
        String tooFast = KrakenWords.error("EAPI:Rate limit exceeded");
        server.failRest(tooFast, tooFast);
        all(backfill(rest(Duration.ofMillis(1))));
        assertComplete();
        // The two complaints are no questions for a pair that the server noted: what came next waited.
        assertTrue(server.requests() > server.tradesCalls().size());
    }

    @Test
    void shouldNotTakeAPageThatCannotBeReadForNobodyTraded() throws Exception {
        String rows = "{\"error\":[],\"result\":{\"BTC/USD\":[%s],\"last\":\"1767312000000000000\"}}";
        server.failRest(
                rows.formatted("[\"x\",\"2\",1767312000.5,\"b\",\"l\",\"\",8]"),
                rows.formatted("[\"1.5\",\"2\",1767312000.5,\"b\",\"l\",\"\"]"));
        all(backfill(rest(Duration.ofMillis(1))));
        assertComplete();
    }

    @Test
    void shouldGoOnReadingBackAfterAFailureOnlyAsLongAsSomebodyReads() throws Exception {
        server.refuseTrades(call -> true);
        KillSwitch killed = new ReadBack(
                        SYSTEM, rest(Duration.ofMillis(1)), archive, SYMBOLS, CLOCK, Duration.ofMillis(50))
                .until(END.minus(Duration.ofHours(1)))
                .viaMat(KillSwitches.single(), Keep.right())
                .to(Sink.ignore())
                .run(SYSTEM);
        KIT.createTestProbe().awaitAssert(() -> {
            assertTrue(server.tradesCalls().size() > 4, "again and again");
            return null;
        });
        killed.shutdown();
        KIT.createTestProbe().expectNoMessage(Duration.ofMillis(150));
        int before = server.tradesCalls().size();
        KIT.createTestProbe().expectNoMessage(Duration.ofMillis(300));
        assertEquals(before, server.tradesCalls().size(), "nobody reads any more");
    }

    @Test
    void shouldKeepTheRateAndLetRepairsGoFirst() throws Exception {
        Duration interval = Duration.ofMillis(40);
        KrakenRest rest = rest(interval);
        CompletionStage<List<FeedEvent>> reading = backfill(rest).take(8).runWith(Sink.seq(), SYSTEM);
        Instant repaired = END.plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.HOURS);
        for (int i = 0; i < 3; i++) {
            result(rest.trades(ETH, Times.micros(repaired) * 1000 - 1, RequestPacer.Urgency.REPAIR));
        }
        result(reading);
        List<KrakenServer.TradesCall> calls = server.tradesCalls();
        List<Integer> repairs = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).since().equals(repaired)) {
                repairs.add(i);
            }
        }
        assertTrue(repairs.get(2) <= 5, "at most one page of history before each repair: " + repairs);
        long took = calls.get(calls.size() - 1).atNanos() - calls.get(0).atNanos();
        assertTrue(took >= interval.toNanos() * (calls.size() - 1) * 9 / 10, "one request per interval");
    }

    @Test
    void shouldFillTheQuietMinutesAfterMidnight() throws Exception {
        server.close();
        List<Trade> quiet = new ArrayList<>();
        for (int back = DAYS; back >= -1; back--) {
            Instant at = END.minus(Duration.ofDays(back)).plus(Duration.ofHours(9));
            for (Symbol symbol : SYMBOLS) {
                quiet.add(new Trade(symbol, 100 - back, Times.micros(at), 100 + back, 1, Side.BUY));
            }
        }
        serve(quiet);
        Instant firstLive = END.plus(Duration.ofHours(9));
        archive.writeCandles(
                List.of(Candle.empty(BTC, firstLive, 100, firstLive), Candle.empty(ETH, firstLive, 100, firstLive)));
        List<FeedEvent> events = all(backfill(rest(Duration.ofMillis(1))));
        for (Symbol symbol : SYMBOLS) {
            List<Candle> before = stored(symbol).stream()
                    .filter(c -> c.openTime().isBefore(END))
                    .toList();
            assertEquals(DAYS * 1440 - 9 * 60, before.size(), "flat until the next trade");
            List<FeedEvent.CandlesRevised> told = events.stream()
                    .filter(FeedEvent.CandlesRevised.class::isInstance)
                    .map(FeedEvent.CandlesRevised.class::cast)
                    .filter(revised -> revised.symbol().equals(symbol))
                    .toList();
            assertEquals(1, told.size(), "the market hears what it remembers");
            assertEquals(9 * 60, told.get(0).candles().size());
            assertEquals(101, told.get(0).candles().get(0).close());
        }
    }

    @Test
    void shouldNeedNothingWhenTheDepthIsThere() throws Exception {
        assertTrue(all(Backfill.read(
                        SYSTEM,
                        rest(Duration.ofMillis(1)),
                        archive,
                        SYMBOLS,
                        END,
                        UNTIL,
                        Duration.between(END, UNTIL),
                        QUICK,
                        CLOCK))
                .isEmpty());
        assertFalse(server.requests() > 0);
    }
}
