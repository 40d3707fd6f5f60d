package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Sink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** Everything that can go wrong between the exchange and us goes wrong, in random order, and nothing is lost or doubled. */
class KrakenDrillTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final List<Symbol> SYMBOLS =
            List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"), Symbol.parse("SOL/USD"), Symbol.parse("XRP/USD"));
    private static final Instant START = Instant.parse("2026-01-05T11:58:00Z");

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void shouldLoseAndDoubleNothingWhenEverythingGoesWrongFourTimes() throws Exception {
        drill(11, 10_000, 4, Duration.ofMinutes(20));
    }

    @Test
    @Tag("drill")
    void shouldLoseAndDoubleNothingWhenEverythingGoesWrongTwentyTimes() throws Exception {
        drill(12, 100_000, 20, Duration.ofMinutes(200));
    }

    private static void drill(long seed, int count, int faultsOfEach, Duration length) throws Exception {
        Instant end = START.plus(length);
        List<Trade> script = TradeScript.random(seed, SYMBOLS, count, START, length);
        SteppedClock clock = new SteppedClock(START, Duration.ofMillis(500));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (KrakenServer server = KrakenServer.start(KIT.system().classicSystem(), script, clock)) {
            plan(server, new Random(seed), count, faultsOfEach);
            KrakenFeed feed = new KrakenFeed(
                    KIT.system().classicSystem(),
                    settings(server),
                    SYMBOLS,
                    clock,
                    meters,
                    new Random(seed),
                    Backfill.Patience.usual());
            assertTrue(
                    feed.reachable(Duration.ofSeconds(20)).toCompletableFuture().join());
            CandleLedger ledger = feed.events(START)
                    .scan(new CandleLedger(SYMBOLS), CandleLedger::take)
                    .takeWhile(seen -> !isSettled(seen, end))
                    .runWith(Sink.last(), KIT.system())
                    .toCompletableFuture()
                    .get(60 + length.toMinutes() * 3, TimeUnit.SECONDS);
            report(ledger, server, meters);
            verify(ledger, script, end);
            assertEquals(0, server.faultsLeft(), "faults that did not happen");
            assertTrue(server.connects() > 2 * faultsOfEach, "each drop and each silence costs a connection");
        }
    }

    private static boolean isSettled(CandleLedger ledger, Instant end) {
        return ledger.hasPassed(end.plus(Duration.ofMinutes(8))) && ledger.isWhole();
    }

    private static void plan(KrakenServer server, Random random, int count, int faultsOfEach) {
        List<KrakenServer.Fault> faults = new ArrayList<>();
        for (KrakenServer.Fault fault : KrakenServer.Fault.values()) {
            faults.addAll(Collections.nCopies(faultsOfEach, fault));
        }
        Collections.shuffle(faults, random);
        faults.forEach(fault -> server.plan(random.nextInt(count * 9 / 10), fault));
    }

    private static void verify(CandleLedger ledger, List<Trade> script, Instant end) {
        assertEquals(0, ledger.duplicates(), "doubled trades");
        assertEquals(0, ledger.tooLate(), "trades told too late");
        for (Symbol symbol : SYMBOLS) {
            List<Trade> trades = script.stream()
                    .filter(trade -> trade.symbol().equals(symbol))
                    .toList();
            List<Candle> undisturbed = CandleBuilder.candlesOf(symbol, trades, Coverage.SEEN);
            int counted = 0;
            for (Candle expected : undisturbed) {
                Candle actual = ledger.candles(symbol).get(expected.openTime());
                assertTrue(
                        actual != null && expected.sameMarket(actual),
                        () -> "expected " + expected + ", got " + actual);
                counted += actual.trades();
            }
            assertEquals(trades.size(), counted, "trades of " + symbol);
            long minutes = Duration.between(START, end).toMinutes();
            assertTrue(ledger.candles(symbol).headMap(end).size() >= minutes - 1, "every minute has a candle");
        }
        for (int i = 1; i < ledger.passed().size(); i++) {
            Instant before = ledger.passed().get(i - 1).closeTime();
            assertEquals(before.plus(Candle.INTERVAL), ledger.passed().get(i).closeTime(), "minutes pass in order");
        }
    }

    private static void report(CandleLedger ledger, KrakenServer server, SimpleMeterRegistry meters) {
        System.out.printf(
                "drill: %d connects, %d REST calls, %d candles revised, %d late trades, %.0f trades repaired, %.0f repeated, %d minutes unsure, states %d%n",
                server.connects(),
                server.requests(),
                ledger.revised(),
                ledger.late(),
                meters.get("tickcast.feed.repaired.trades").counter().count(),
                meters.get("tickcast.feed.duplicate.trades").counter().count(),
                ledger.passed().stream()
                        .filter(minute -> !minute.unsure().isEmpty())
                        .count(),
                ledger.states().size());
    }

    private static KrakenSettings settings(KrakenServer server) {
        KrakenSettings usual = KrakenSettings.defaults(server.webSocketUrl(), server.restUrl());
        return new KrakenSettings(
                usual.webSocketUrl(),
                usual.restUrl(),
                usual.grace(),
                Duration.ofSeconds(100),
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                Duration.ofSeconds(2),
                usual.aheadAtMost(),
                Duration.ofMillis(500),
                Duration.ofSeconds(10),
                100_000,
                usual.connectBudgetWindow(),
                usual.pingEvery(),
                1000,
                usual.symbolsPerSubscribe(),
                usual.maxFrameChars(),
                Duration.ofMillis(5),
                new KrakenSettings.Rest(
                        Duration.ofMillis(2),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(5),
                        Duration.ofMillis(50),
                        4,
                        4 << 20,
                        false,
                        Duration.ZERO));
    }
}
