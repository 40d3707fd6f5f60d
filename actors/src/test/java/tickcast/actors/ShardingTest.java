package tickcast.actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.actors.Scenes.BTC;
import static tickcast.actors.Scenes.ETH;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.market.Market;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.actors.training.Trainer;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;

/** Everything together, wired as a node wires it, in a cluster of one. */
class ShardingTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.clusterOfOne());
    private static final List<Symbol> SYMBOLS = List.of(BTC, ETH);
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final MemoryArchive ARCHIVE = new MemoryArchive();
    private static final MemoryRegistry REGISTRY = new MemoryRegistry();
    private static final ClusterSharding SHARDING = ClusterSharding.get(KIT.system());
    private static final TestProbe<Published> PUBLISHED = KIT.createTestProbe();
    private static ActorRef<Topic.Command<Published>> topic;

    @BeforeAll
    static void start() {
        Cluster cluster = Cluster.get(KIT.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        topic = Scenes.topic(KIT);
        Topics.subscribe(topic, PUBLISHED.getRef());
        MarketClock clock = new MarketClock(InstantSource.system(), Scenes.GRACE);
        KIT.spawn(
                Predictor.create(
                        Predictor.Settings.of("simulated", Set.copyOf(SYMBOLS), 5, COVERAGES),
                        new Predictor.Partners(ARCHIVE, REGISTRY, topic, clock)),
                "predictor");
        ActorRef<Predictor.Command> router = KIT.spawn(Predictor.router(), "predictors");
        Monitor.init(SHARDING, Monitor.Settings.of(""), ARCHIVE, topic);
        Market.init(
                SHARDING,
                Market.Settings.of("", 5, COVERAGES),
                new Market.Partners(ARCHIVE, router, symbol -> Monitor.of(SHARDING, symbol), topic, clock));
    }

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    @Test
    void shouldRunADayOfMinutesFromTradesToErrors() {
        int history = 2880;
        SYMBOLS.forEach(symbol -> await(ARCHIVE.writeCandles(Scenes.candles(symbol, START, history))));
        ActorRef<Trainer.Command> trainer = Trainer.init(
                KIT.system(),
                Trainer.Settings.of("", SYMBOLS, true),
                new Trainer.Partners(
                        ARCHIVE,
                        REGISTRY,
                        (past, served, now, createdAt) -> new TrainedModel(Map.of(), MemoryRegistry.card(now, true)),
                        topic,
                        InstantSource.system(),
                        CompletableFuture.completedFuture("")));
        assertEquals(
                "1",
                await(Trainer.firstVerdict(KIT.system(), trainer, Duration.ofSeconds(20)))
                        .version());

        Instant live = START.plus(Duration.ofMinutes(history));
        for (int i = 0; i < 20; i++) {
            closeMinute(live.plus(Duration.ofMinutes(i)));
            if (i == 10) {
                SYMBOLS.forEach(symbol -> Market.of(SHARDING, symbol).tell(new Market.Stop()));
            }
        }

        for (Symbol symbol : SYMBOLS) {
            assertEquals(
                    history + 20,
                    await(ARCHIVE.candles(symbol, Page.all(Instant.MIN, Instant.MAX)))
                            .size());
            assertEquals(
                    20,
                    await(ARCHIVE.predictions(symbol, Page.all(Instant.MIN, Instant.MAX)))
                            .size());
            assertEquals(
                    15,
                    await(ARCHIVE.errors(symbol, Page.all(Instant.MIN, Instant.MAX)))
                            .size());
        }
        assertTrue(ARCHIVE.allPredictions().stream()
                .allMatch(prediction -> prediction.modelVersion().equals("1")));
        assertEquals(2 * (20 + 20 + 15), published());
    }

    private static void closeMinute(Instant open) {
        List<CompletionStage<Market.Closed>> closings = new ArrayList<>();
        for (Symbol symbol : SYMBOLS) {
            await(ask(symbol, open));
            closings.add(closed(symbol, open.plus(Candle.INTERVAL)));
        }
        closings.forEach(closing -> assertTrue(await(closing).done()));
    }

    /** A market that has just stopped may lose a message: whoever feeds it asks again. */
    private static CompletionStage<Market.Recorded> ask(Symbol symbol, Instant open) {
        return Scenes.QUICK.run(
                KIT.system(),
                () -> Market.of(SHARDING, symbol)
                        .ask(
                                replyTo -> new Market.RecordTrades(Scenes.trades(symbol, open, 50), replyTo),
                                Duration.ofSeconds(5)));
    }

    private static CompletionStage<Market.Closed> closed(Symbol symbol, Instant closeTime) {
        return Market.of(SHARDING, symbol)
                .ask(
                        replyTo -> new Market.CloseMinute(
                                closeTime, Coverage.SEEN, true, Pace.EVENT, Market.ANY_LIFE, replyTo),
                        Duration.ofSeconds(10));
    }

    private static int published() {
        int count = 0;
        for (Published event = PUBLISHED.receiveMessage(); count < 110; event = PUBLISHED.receiveMessage()) {
            if (!(event instanceof Published.ModelChanged)) {
                count++;
            }
            if (count == 110) {
                return count;
            }
        }
        return count;
    }
}
