package tickcast.streams.bench;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.stream.javadsl.Source;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import tickcast.actors.MarketClock;
import tickcast.actors.market.Market;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.ShelvedModelRegistry;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.Ingest;
import tickcast.streams.exchange.IngestSettings;
import tickcast.streams.exchange.TradeFeed;

/** Markets, monitors and the predictor as a node wires them, sharded in a cluster of one, with an archive on disk and no model. */
final class OneNode implements AutoCloseable {

    private static final Config CONFIG = ConfigFactory.parseString("""
                    akka.actor.provider = cluster
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster.jmx.enabled = off
                    akka.coordinated-shutdown.exit-jvm = off
                    akka.loglevel = WARNING
                    akka.log-dead-letters = off
                    """);
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);

    private final List<Symbol> symbols;
    private final Archive archive;
    private final ActorSystem<Void> system;
    private final CompletableFuture<ActorRef<Topic.Command<Published>>> topic = new CompletableFuture<>();

    OneNode(Path directory, List<Symbol> symbols) {
        this.symbols = symbols;
        this.archive = EmbeddedArchive.open(directory, MarketSource.SIMULATED);
        var registry = ShelvedModelRegistry.inFolder(
                directory.resolve("models"), FeatureSchema.current().hash(), InstantSource.system());
        this.system = ActorSystem.create(
                Behaviors.setup(context -> {
                    Cluster cluster = Cluster.get(context.getSystem());
                    cluster.manager().tell(Join.create(cluster.selfMember().address()));
                    ClusterSharding sharding = ClusterSharding.get(context.getSystem());
                    MarketClock clock = new MarketClock(InstantSource.system(), Duration.ofMillis(500));
                    ActorRef<Topic.Command<Published>> published = context.spawn(Topics.create(), "published");
                    context.spawn(
                            Predictor.create(
                                    Predictor.Settings.of("simulated", Set.copyOf(symbols), 5, COVERAGES),
                                    new Predictor.Partners(archive, registry, published, clock)),
                            "predictor");
                    ActorRef<Predictor.Command> router = context.spawn(Predictor.router(), "predictor-router");
                    Monitor.init(sharding, Monitor.Settings.of(""), archive, published);
                    Market.init(
                            sharding,
                            Market.Settings.of("", 5, COVERAGES),
                            new Market.Partners(
                                    archive, router, symbol -> Monitor.of(sharding, symbol), published, clock));
                    topic.complete(published);
                    return Behaviors.empty();
                }),
                "bench",
                CONFIG.withFallback(ConfigFactory.load()));
    }

    /** Runs the events through a real ingest and waits until the last is answered. */
    void run(List<FeedEvent> events) {
        ClusterSharding sharding = ClusterSharding.get(system);
        Ingest ingest = Ingest.start(
                system,
                new Recorded(symbols, events),
                archive,
                symbol -> Market.of(sharding, symbol),
                event -> Topics.publish(topic.join(), event),
                new SimpleMeterRegistry(),
                IngestSettings.defaults(),
                InstantSource.system());
        await(ingest.stopped());
    }

    /** Trades in the stored candles of all symbols. */
    long tradesStored() {
        long trades = 0;
        for (Symbol symbol : symbols) {
            trades += await(archive.candles(symbol, Page.all(Instant.MIN, Instant.MAX))).stream()
                    .mapToLong(Candle::trades)
                    .sum();
        }
        return trades;
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(5, TimeUnit.MINUTES).join();
    }

    @Override
    public void close() {
        system.terminate();
        await(system.getWhenTerminated());
        archive.close();
    }

    private record Recorded(List<Symbol> symbols, List<FeedEvent> recorded) implements TradeFeed {

        @Override
        public MarketSource source() {
            return MarketSource.SIMULATED;
        }

        @Override
        public CompletionStage<Instant> prepare(Archive archive) {
            return CompletableFuture.completedStage(Instant.EPOCH);
        }

        @Override
        public Source<FeedEvent, NotUsed> events(Instant from) {
            return Source.from(recorded);
        }
    }
}
