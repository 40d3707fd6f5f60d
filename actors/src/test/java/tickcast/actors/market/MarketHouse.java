package tickcast.actors.market;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import tickcast.actors.Backoff;
import tickcast.actors.MarketClock;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Scenes;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** One symbol's market with a predictor and monitors of its own, around one archive. */
final class MarketHouse {

    static final List<Double> COVERAGES = List.of(0.8, 0.95);
    static final Market.Settings SETTINGS = new Market.Settings(
            "",
            5,
            COVERAGES,
            Scenes.QUICK,
            Duration.ofSeconds(3),
            new Backoff(1, Duration.ofMillis(1), Duration.ofMillis(1)),
            16);

    final MemoryArchive archive;
    final MemoryRegistry registry;
    final TestProbe<Published> published;
    final Market.Partners partners;
    private final ActorTestKit kit;
    private final Symbol symbol;
    private final TestProbe<Market.Closed> closed;
    private final AtomicLong lives = new AtomicLong();
    private ActorRef<Market.Command> market;

    MarketHouse(ActorTestKit kit, Symbol symbol, MemoryArchive archive, MemoryRegistry registry) {
        this.kit = kit;
        this.symbol = symbol;
        this.archive = archive;
        this.registry = registry;
        this.published = kit.createTestProbe();
        this.closed = kit.createTestProbe();
        ActorRef<Topic.Command<Published>> topic = Scenes.topic(kit);
        Topics.subscribe(topic, published.getRef());
        Instant wall = Instant.parse("2026-01-06T00:00:00Z");
        MarketClock clock = new MarketClock(() -> wall.plusMillis(lives.get()), Scenes.GRACE);
        Predictor.Settings predicting = new Predictor.Settings(
                "simulated",
                Set.of(symbol),
                5,
                COVERAGES,
                Duration.ofSeconds(2),
                8,
                Duration.ofDays(2),
                2,
                Scenes.QUICK);
        ActorRef<Predictor.Command> predictor =
                kit.spawn(Predictor.create(predicting, new Predictor.Partners(archive, registry, topic, clock)));
        ActorRef<Monitor.Command> monitor =
                kit.spawn(Monitor.create(symbol, new Monitor.Settings("", Scenes.QUICK, 16), archive, topic));
        this.partners = new Market.Partners(archive, predictor, any -> monitor, topic, clock);
        this.market = kit.spawn(Market.create(symbol, SETTINGS, partners));
    }

    /** The market stops and another takes its place, a millisecond later. */
    void restart() {
        kit.stop(market);
        succeed();
    }

    /** Another takes the market's place, a millisecond later, without the first one noticing. */
    void succeed() {
        lives.incrementAndGet();
        market = kit.spawn(Market.create(symbol, SETTINGS, partners));
    }

    ActorRef<Market.Command> market() {
        return market;
    }

    Market.Recorded record(List<Trade> trades) {
        TestProbe<Market.Recorded> recorded = kit.createTestProbe();
        market.tell(new Market.RecordTrades(trades, recorded.getRef()));
        return recorded.receiveMessage();
    }

    Market.Closed close(Instant closeTime) {
        return close(closeTime, Coverage.SEEN);
    }

    Market.Closed close(Instant closeTime, Coverage coverage) {
        return close(closeTime, coverage, Market.ANY_LIFE);
    }

    Market.Closed close(Instant closeTime, Coverage coverage, long life) {
        market.tell(new Market.CloseMinute(closeTime, coverage, true, Pace.EVENT, life, closed.getRef()));
        return closed.receiveMessage(Duration.ofSeconds(10));
    }

    Market.Closed close(Candle candle) {
        market.tell(new Market.CloseWithCandle(candle, Pace.EVENT, closed.getRef()));
        return closed.receiveMessage(Duration.ofSeconds(10));
    }

    /** Records each minute's trades, then closes it. */
    void trade(Instant open, int minutes) {
        for (int i = 0; i < minutes; i++) {
            Instant minute = open.plus(Duration.ofMinutes(i));
            record(Scenes.trades(symbol, minute, 5));
            close(minute.plus(Candle.INTERVAL));
        }
    }

    int revise(List<Candle> candles) {
        TestProbe<Market.Revised> revised = kit.createTestProbe();
        market.tell(new Market.ReviseCandles(candles, revised.getRef()));
        return revised.receiveMessage().changed();
    }

    List<Candle> candles() {
        return archive.candles(symbol, Page.all(Instant.MIN, Instant.MAX))
                .toCompletableFuture()
                .join();
    }

    Candle candle(Instant closeTime) {
        return candles().stream()
                .filter(candle -> candle.closeTime().equals(closeTime))
                .findFirst()
                .orElseThrow();
    }

    FeatureVector vector(Instant asOf) {
        return archive.features(symbol, Page.all(asOf, asOf.plusMillis(1)))
                .toCompletableFuture()
                .join()
                .get(0);
    }

    List<Prediction> predictions() {
        return archive.predictions(symbol, Page.all(Instant.MIN, Instant.MAX))
                .toCompletableFuture()
                .join();
    }
}
