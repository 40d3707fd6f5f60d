package tickcast.streams.exchange.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.FeedState;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;
import tickcast.streams.exchange.MemoryArchive;

class SimulatedFeedTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol XRP = Symbol.parse("XRP/USD");
    private static final List<Symbol> SYMBOLS = List.of(BTC, XRP);
    private static final Instant NOW = Instant.parse("2026-03-05T12:00:30Z");
    private static final SimulatedSettings SETTINGS = new SimulatedSettings(
            3,
            Duration.ofDays(2),
            Duration.ofHours(2),
            Duration.ofHours(1),
            Duration.ofSeconds(20),
            Duration.ofMillis(5),
            Duration.ofMillis(500),
            1);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
    private final InstantSource clock = now::get;
    private final MemoryArchive archive = new MemoryArchive();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private SimulatedFeed feed(CompletionStage<?> modelReady) {
        return new SimulatedFeed(SETTINGS, SYMBOLS, clock, modelReady);
    }

    private SimulatedFeed feed() {
        return feed(CompletableFuture.completedStage("ready"));
    }

    private Instant prepare() throws Exception {
        return feed().prepare(archive).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void shouldHandOverTheHistoryBeforeItsStart() throws Exception {
        Instant start = Instant.parse("2026-03-05T10:00:00Z");
        assertEquals(start, prepare());
        for (Symbol symbol : SYMBOLS) {
            List<Candle> candles = stored(symbol);
            assertEquals(feed().market().candles(symbol, start.minus(Duration.ofDays(2)), start), candles);
            assertEquals(2 * 1440, candles.size());
        }
    }

    @Test
    void shouldFillUpWhatIsMissingAfterALongPause() throws Exception {
        prepare();
        now.set(NOW.plus(Duration.ofHours(30)));
        Instant start = prepare();
        assertEquals(Instant.parse("2026-03-06T16:00:00Z"), start);
        assertEquals(2 * 1440 + 30 * 60, stored(XRP).size());
    }

    @Test
    void shouldGoOnWhereItWas() throws Exception {
        prepare();
        archive.writePredictions(List.of(
                prediction(BTC, Instant.parse("2026-03-05T11:59:00Z")),
                prediction(XRP, Instant.parse("2026-03-05T11:58:00Z"))));
        assertEquals(Instant.parse("2026-03-05T11:57:00Z"), prepare());
    }

    @Test
    void shouldCatchUpByEventTimeThenFollowTheClock() throws Exception {
        List<FeedEvent> events = feed().events(Instant.parse("2026-03-05T11:30:00Z"))
                .takeWhile(event -> !isState(event, FeedState.LIVE), true)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertTrue(isState(events.get(0), FeedState.CATCHING_UP));
        List<MinutePassed> minutes = minutes(events);
        assertEquals(30, minutes.size());
        assertTrue(minutes.stream().allMatch(m -> m.pace() == Pace.EVENT));
        assertEquals(Instant.parse("2026-03-05T12:00:00Z"), minutes.get(29).closeTime());
        for (FeedEvent event : events) {
            if (event instanceof StateChanged changed) {
                assertTrue(changed.detail().startsWith("Simulated market, not a real one"), changed.detail());
            }
        }
    }

    @Test
    void shouldSendExactlyTheMarketsTrades() throws Exception {
        Instant start = Instant.parse("2026-03-05T11:30:00Z");
        List<FeedEvent> events = feed().events(start)
                .takeWhile(event -> !isState(event, FeedState.LIVE), true)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        List<Trade> expected = new ArrayList<>();
        SimulatedMarket market = feed().market();
        for (int minute = 0; minute < 30; minute++) {
            expected.addAll(market.trades(XRP, start.plus(Duration.ofMinutes(minute))));
        }
        assertEquals(
                expected,
                trades(events).stream().filter(t -> t.symbol().equals(XRP)).toList());
    }

    @Test
    void shouldSendTradesWhenTheirTimeHasCome() {
        TestSubscriber.Probe<FeedEvent> live = follow(Instant.parse("2026-03-05T11:59:00Z"));
        List<FeedEvent> before = new ArrayList<>();
        FeedEvent event = live.requestNext();
        while (!(event instanceof MinutePassed passed && passed.pace() == Pace.CLOCK)) {
            before.add(event);
            if (isState(event, FeedState.LIVE)) {
                now.set(Instant.parse("2026-03-05T12:00:45Z"));
            }
            boolean caughtUp = trades(before).stream().anyMatch(t -> t.timeMicros() >= micros("2026-03-05T12:00:30Z"));
            if (caughtUp) {
                now.set(Instant.parse("2026-03-05T12:01:00.600Z"));
            }
            event = live.requestNext();
        }
        assertEquals(Instant.parse("2026-03-05T12:01:00Z"), ((MinutePassed) event).closeTime());
        List<Trade> expected = feed().market().trades(BTC, Instant.parse("2026-03-05T12:00:00Z"));
        List<Trade> sent = trades(before).stream()
                .filter(t -> t.symbol().equals(BTC))
                .filter(t -> t.timeMicros() >= micros("2026-03-05T12:00:00Z"))
                .filter(t -> t.timeMicros() < micros("2026-03-05T12:01:00Z"))
                .toList();
        assertEquals(expected, sent);
        live.cancel();
    }

    private TestSubscriber.Probe<FeedEvent> follow(Instant from) {
        return feed().events(from).runWith(TestSink.create(KIT.system()), KIT.system());
    }

    @Test
    void shouldWaitForTheModelOnItsWay() throws Exception {
        CompletableFuture<String> model = new CompletableFuture<>();
        Instant start = Instant.parse("2026-03-05T10:58:00Z");
        Source<FeedEvent, ?> events = feed(model).events(start).filter(event -> event instanceof MinutePassed);
        TestSubscriber.Probe<FeedEvent> probe = events.runWith(TestSink.create(KIT.system()), KIT.system());
        probe.request(10);
        probe.expectNextN(2);
        probe.expectNoMessage(scala.concurrent.duration.Duration.create(100, TimeUnit.MILLISECONDS));
        model.completeExceptionally(new IllegalStateException("no model, but no reason to wait either"));
        probe.expectNextN(8);
        probe.cancel();
    }

    @Test
    void shouldBeAMarketOfItsOwnForEverySeed() {
        assertEquals(MarketSource.SIMULATED, SimulatedFeed.sourceOf(SimulatedSettings.DEFAULT_SEED));
        assertEquals("simulated-3", feed().source().key());
    }

    private static long micros(String time) {
        return Times.micros(Instant.parse(time));
    }

    private static boolean isState(FeedEvent event, FeedState state) {
        return event instanceof StateChanged changed && changed.state() == state;
    }

    private static List<Trade> trades(List<FeedEvent> events) {
        return events.stream()
                .filter(TradesArrived.class::isInstance)
                .flatMap(e -> ((TradesArrived) e).trades().stream())
                .toList();
    }

    private static List<MinutePassed> minutes(List<FeedEvent> events) {
        return events.stream()
                .filter(MinutePassed.class::isInstance)
                .map(MinutePassed.class::cast)
                .toList();
    }

    private List<Candle> stored(Symbol symbol) {
        return archive.candles(symbol, Page.all(SimulatedMarket.EPOCH, now.get()))
                .toCompletableFuture()
                .join();
    }

    private static Prediction prediction(Symbol symbol, Instant asOf) {
        return new Prediction(
                symbol,
                "simulated",
                asOf,
                asOf,
                asOf.plus(Duration.ofMinutes(5)),
                1,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                Prediction.NAIVE,
                "",
                Status.ABSTAINED,
                Reason.WARMING,
                true,
                Double.NaN,
                new double[0]);
    }
}
