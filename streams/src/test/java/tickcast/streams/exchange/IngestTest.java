package tickcast.streams.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.market.Market;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

class IngestTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final IngestSettings PATIENT = settings(Duration.ofSeconds(20), 2);
    private static final IngestSettings IMPATIENT = settings(Duration.ofMillis(300), 5);

    private static IngestSettings settings(Duration timeout, int attempts) {
        return new IngestSettings(
                timeout,
                timeout,
                attempts,
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(150),
                Duration.ofMillis(600));
    }

    private static final long LIFE = 4711;

    private final Map<Symbol, TestProbe<Market.Command>> probes = new HashMap<>();
    private final List<Published> published = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger prepared = new AtomicInteger();
    private Ingest ingest;

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void stopIngest() {
        ingest.stop();
    }

    /** What the feed says whenever it is started. */
    private void start(Source<FeedEvent, NotUsed> events, IngestSettings settings) {
        start(List.of(BTC, ETH), events, settings);
    }

    private void start(List<Symbol> symbols, Source<FeedEvent, NotUsed> events, IngestSettings settings) {
        symbols.forEach(symbol -> probes.put(symbol, KIT.createTestProbe()));
        TradeFeed feed = new FixedFeed(symbols, events, prepared);
        ingest = Ingest.start(
                KIT.system(),
                feed,
                new MemoryArchive(),
                symbol -> probes.get(symbol).getRef(),
                published::add,
                registry,
                settings,
                InstantSource.fixed(START.plusSeconds(61)));
    }

    private void start(Source<FeedEvent, NotUsed> events) {
        start(events, PATIENT);
    }

    private void start(FeedEvent... events) {
        start(Source.from(List.of(events)));
    }

    @Test
    void shouldGroupTradesBySymbolAndCloseEveryMarketAfterwards() {
        Trade btc1 = trade(BTC, 1);
        Trade eth = trade(ETH, 1);
        Trade btc2 = trade(BTC, 2);
        start(new TradesArrived(List.of(btc1, eth, btc2)), minute(1, Set.of(ETH), List.of()));
        Market.RecordTrades btc = expect(BTC, Market.RecordTrades.class);
        assertEquals(List.of(btc1, btc2), btc.trades());
        Market.RecordTrades other = expect(ETH, Market.RecordTrades.class);
        assertEquals(List.of(eth), other.trades());
        btc.replyTo().tell(new Market.Recorded(0, 0, LIFE));
        probes.get(BTC).expectNoMessage(Duration.ofMillis(50));
        other.replyTo().tell(new Market.Recorded(1, 0, LIFE));
        Market.CloseMinute close = expect(BTC, Market.CloseMinute.class);
        assertEquals(START.plusSeconds(60), close.closeTime());
        assertEquals(Coverage.SEEN, close.coverage());
        assertEquals(Coverage.UNSURE, expect(ETH, Market.CloseMinute.class).coverage());
        assertEquals(3, registry.counter("tickcast.ingest.trades").count());
        assertEquals(1, registry.counter("tickcast.ingest.duplicates").count());
    }

    @Test
    void shouldHandReadyCandlesOver() {
        Candle candle = Candle.empty(BTC, START, 5, START.plusSeconds(60));
        start(minute(1, Set.of(), List.of(candle)));
        assertEquals(candle, expect(BTC, Market.CloseWithCandle.class).candle());
        expect(ETH, Market.CloseMinute.class);
    }

    @Test
    void shouldHoldBackTheNextMinuteUntilAllMarketsHaveClosed() {
        start(minute(1, Set.of(), List.of()), minute(2, Set.of(), List.of()));
        Market.CloseMinute btc = expect(BTC, Market.CloseMinute.class);
        Market.CloseMinute eth = expect(ETH, Market.CloseMinute.class);
        btc.replyTo().tell(new Market.Closed(btc.closeTime(), true, LIFE));
        probes.get(BTC).expectNoMessage(Duration.ofMillis(50));
        eth.replyTo().tell(new Market.Closed(eth.closeTime(), true, LIFE));
        assertEquals(
                START.plusSeconds(120), expect(BTC, Market.CloseMinute.class).closeTime());
    }

    @Test
    void shouldAskAgainWhenAnAnswerIsLostOrNotDone() {
        start(Source.from(List.of(minute(1, Set.of(), List.of()), minute(2, Set.of(), List.of()))), IMPATIENT);
        Market.CloseMinute eth = expect(ETH, Market.CloseMinute.class);
        eth.replyTo().tell(new Market.Closed(eth.closeTime(), true, LIFE));
        Market.CloseMinute first = expect(BTC, Market.CloseMinute.class);
        first.replyTo().tell(new Market.Closed(first.closeTime(), false, LIFE));
        expect(BTC, Market.CloseMinute.class);
        Market.CloseMinute third = expect(BTC, Market.CloseMinute.class);
        assertEquals(first.closeTime(), third.closeTime());
        third.replyTo().tell(new Market.Closed(third.closeTime(), true, LIFE));
        assertEquals(
                START.plusSeconds(120), expect(BTC, Market.CloseMinute.class).closeTime());
        assertEquals(
                2, registry.counter("tickcast.ingest.retries", "ask", "close").count());
        assertEquals(1, prepared.get());
    }

    @Test
    void shouldStartAgainFromTheArchiveWhenAMarketNeverAnswers() {
        Trade trade = trade(BTC, 1);
        start(List.of(BTC), Source.single(new TradesArrived(List.of(trade))), IMPATIENT);
        for (int attempt = 0; attempt < IMPATIENT.attempts(); attempt++) {
            assertEquals(List.of(trade), expect(BTC, Market.RecordTrades.class).trades());
        }
        Market.RecordTrades again = expect(BTC, Market.RecordTrades.class);
        assertEquals(List.of(trade), again.trades(), "nothing is skipped");
        assertEquals(2, prepared.get());
        assertEquals(1, registry.counter("tickcast.ingest.restarts").count());
        assertTrue(published.stream()
                .anyMatch(p -> p instanceof Published.FeedChanged changed
                        && changed.detail().startsWith("The feed stopped and will start again: Market BTC/USD")));
        again.replyTo().tell(new Market.Recorded(0, 0, LIFE));
    }

    @Test
    void shouldLeaveOneStuckMarketOutAndGoOnWithTheOthers() {
        TestProbe<Market.Command> btc = KIT.createTestProbe();
        ActorRef<Market.Command> eth = KIT.spawn(AnsweringMarket.create());
        Source<FeedEvent, NotUsed> minutes = Source.range(1, 100_000)
                .throttle(1, Duration.ofMillis(20))
                .<FeedEvent>map(i -> minute(i, Set.of(), List.of()))
                .mapMaterializedValue(ignored -> NotUsed.getInstance());
        ingest = Ingest.start(
                KIT.system(),
                new FixedFeed(List.of(BTC, ETH), minutes, prepared),
                new MemoryArchive(),
                symbol -> symbol.equals(BTC) ? btc.getRef() : eth,
                published::add,
                registry,
                settings(Duration.ofMillis(100), 2),
                InstantSource.fixed(START.plusSeconds(61)));
        Instant stuckAt = btc.expectMessageClass(Market.CloseMinute.class).closeTime();
        assertEquals(stuckAt, btc.expectMessageClass(Market.CloseMinute.class).closeTime(), "asked twice");

        Market.ReviseCandles knock = btc.expectMessageClass(Market.ReviseCandles.class);
        assertTrue(knock.candles().isEmpty(), "a knock changes nothing");
        assertTrue(
                ingest.status().detail().contains("BTC/USD left out"),
                ingest.status().detail());
        assertTrue(registry.counter("tickcast.ingest.minutes").count() >= 3, "the other goes on");
        assertEquals(1, prepared.get(), "no restart");

        knock.replyTo().tell(new Market.Revised(0));
        Market.CloseMinute again = btc.expectMessageClass(Market.CloseMinute.class);
        assertEquals(stuckAt, again.closeTime(), "from what is stored on");
        assertEquals(2, prepared.get(), "once, to bring what was missed");
        assertEquals("Preparing the simulated feed.", ingest.status().detail());
        again.replyTo().tell(new Market.Closed(again.closeTime(), true, LIFE));
        assertEquals(
                stuckAt.plusSeconds(60),
                btc.expectMessageClass(Market.CloseMinute.class).closeTime());
    }

    @Test
    void shouldTellTheOpenMinuteAgainWhenItsMarketWasStartedAgain() {
        Trade trade = trade(BTC, 1);
        Trade later = trade(BTC, 2);
        Source<FeedEvent, NotUsed> events = Source.from(List.of(
                new TradesArrived(List.of(trade)), minute(1, Set.of(), List.of()), new TradesArrived(List.of(later))));
        start(List.of(BTC), events, PATIENT);
        expect(BTC, Market.RecordTrades.class).replyTo().tell(new Market.Recorded(0, 0, LIFE));
        Market.CloseMinute close = expect(BTC, Market.CloseMinute.class);
        assertEquals(LIFE, close.life(), "whoever did not take the trades shall not close the minute");
        close.replyTo().tell(new Market.Closed(close.closeTime(), false, LIFE + 1));

        Market.RecordTrades again = expect(BTC, Market.RecordTrades.class);
        assertEquals(List.of(trade), again.trades());
        assertEquals(2, prepared.get());
        again.replyTo().tell(new Market.Recorded(0, 0, LIFE + 1));
        Market.CloseMinute next = expect(BTC, Market.CloseMinute.class);
        assertEquals(LIFE + 1, next.life());
        next.replyTo().tell(new Market.Closed(next.closeTime(), true, LIFE + 1));
        expect(BTC, Market.RecordTrades.class).replyTo().tell(new Market.Recorded(0, 0, LIFE + 2));

        assertEquals(List.of(trade), expect(BTC, Market.RecordTrades.class).trades());
        assertEquals(3, prepared.get());
    }

    @Test
    void shouldStartAgainWhenTheFeedFails() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        start(Source.lazySource(() -> runs.incrementAndGet() < 3
                        ? Source.<FeedEvent>failed(new IllegalStateException("bug"))
                        : Source.<FeedEvent>empty())
                .mapMaterializedValue(m -> NotUsed.getInstance()));
        ingest.stopped().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertEquals(3, prepared.get());
    }

    @Test
    void shouldTellWhatTheFeedDoesAndEndWithIt() throws Exception {
        start(new StateChanged(FeedState.LIVE, "Live."), new StateChanged(FeedState.ENDED, "It is over."));
        ingest.stopped().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertEquals(new FeedStatus(FeedState.ENDED, "It is over.", START.plusSeconds(61)), ingest.status());
        assertEquals(
                List.of(FeedState.CONNECTING, FeedState.LIVE, FeedState.ENDED),
                published.stream().map(p -> ((Published.FeedChanged) p).state()).toList());
    }

    @Test
    void shouldFinishWhatIsUnderWayWhenStopped() {
        start(Source.<FeedEvent>single(minute(1, Set.of(), List.of())).concat(Source.maybe()));
        Market.CloseMinute btc = expect(BTC, Market.CloseMinute.class);
        Market.CloseMinute eth = expect(ETH, Market.CloseMinute.class);
        CompletableFuture<Done> stopped = ingest.stop().toCompletableFuture();
        assertTrue(!stopped.isDone());
        btc.replyTo().tell(new Market.Closed(btc.closeTime(), true, LIFE));
        eth.replyTo().tell(new Market.Closed(eth.closeTime(), true, LIFE));
        assertEquals(Done.getInstance(), stopped.join());
    }

    @Test
    void shouldMeasureTheLagOfLiveMinutes() throws Exception {
        start(new MinutePassed(START.plusSeconds(60), Pace.CLOCK, Set.of(), Set.of(), true, List.of()));
        answer(BTC);
        answer(ETH);
        ingest.stopped().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertEquals(1000, registry.timer("tickcast.candle.close.lag").totalTime(TimeUnit.MILLISECONDS), 1);
    }

    private void answer(Symbol symbol) {
        Market.CloseMinute close = expect(symbol, Market.CloseMinute.class);
        close.replyTo().tell(new Market.Closed(close.closeTime(), true, LIFE));
    }

    @Test
    void shouldPutArrivalsTogetherWhileMarketsAreBusy() {
        List<FeedEvent> single = IntStream.rangeClosed(1, 100)
                .<FeedEvent>mapToObj(i -> new TradesArrived(List.of(trade(BTC, i))))
                .toList();
        start(Source.from(single));
        List<Long> ids = new ArrayList<>();
        int asks = 0;
        while (ids.size() < 100) {
            Market.RecordTrades record = expect(BTC, Market.RecordTrades.class);
            record.trades().forEach(t -> ids.add(t.id()));
            record.replyTo().tell(new Market.Recorded(0, 0, LIFE));
            asks++;
        }
        assertEquals(IntStream.rangeClosed(1, 100).mapToObj(i -> (long) i).toList(), ids);
        assertTrue(asks < 50, "asks for 100 arrivals: " + asks);
    }

    @Test
    void shouldReviseInPieces() throws Exception {
        List<Candle> candles = IntStream.range(0, 1200)
                .mapToObj(i -> Candle.empty(BTC, START.plusSeconds(60L * i), 5, START))
                .toList();
        start(new CandlesRevised(BTC, candles));
        List<Candle> revised = new ArrayList<>();
        while (revised.size() < candles.size()) {
            Market.ReviseCandles revise = expect(BTC, Market.ReviseCandles.class);
            revised.addAll(revise.candles());
            revise.replyTo().tell(new Market.Revised(1));
        }
        assertEquals(candles, revised);
        ingest.stopped().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertEquals(3, registry.counter("tickcast.ingest.revisions").count());
    }

    @Test
    void shouldCarryAHundredThousandTradesASecond() throws Exception {
        int batches = 2000;
        int size = 250;
        List<FeedEvent> events = IntStream.range(0, batches)
                .<FeedEvent>mapToObj(batch -> new TradesArrived(IntStream.range(0, size)
                        .mapToObj(i -> trade(i % 2 == 0 ? BTC : ETH, (long) batch * size + i))
                        .toList()))
                .toList();
        ActorRef<Market.Command> market = KIT.spawn(AnsweringMarket.create());
        long before = System.nanoTime();
        ingest = Ingest.start(
                KIT.system(),
                new FixedFeed(List.of(BTC, ETH), Source.from(events), prepared),
                new MemoryArchive(),
                symbol -> market,
                published::add,
                registry,
                IngestSettings.defaults(),
                InstantSource.system());
        ingest.stopped().toCompletableFuture().get(20, TimeUnit.SECONDS);
        double perSecond = batches * size / ((System.nanoTime() - before) / 1e9);
        assertTrue(perSecond > 100_000, "trades per second: " + perSecond);
    }

    private static MinutePassed minute(int number, Set<Symbol> unsure, List<Candle> candles) {
        return new MinutePassed(START.plusSeconds(60L * number), Pace.EVENT, unsure, Set.of(), true, candles);
    }

    private static Trade trade(Symbol symbol, long id) {
        return new Trade(symbol, id, START.getEpochSecond() * 1_000_000 + id, 100, 1, Side.BUY);
    }

    private <C extends Market.Command> C expect(Symbol symbol, Class<C> type) {
        return probes.get(symbol).expectMessageClass(type);
    }
}
