package tickcast.http.node;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.stream.javadsl.Source;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.exchange.simulated.SimulatedFeed;
import tickcast.streams.exchange.simulated.SimulatedMarket;
import tickcast.streams.exchange.simulated.SimulatedSettings;

/**
 * The child of {@link MemoryTest}: a whole node with its SQLite archive on a hundred simulated symbols, as fast as they run.
 * Prints the live set after each tenth of the trades. Arguments: data directory, number of trades.
 */
final class MemoryRun {

    static final String FIGURE = "live set ";

    private static final int SYMBOLS = 100;
    private static final double ACTIVITY = 15;
    private static final int TENTHS = 10;
    private static final Instant NOW = SimulatedMarket.EPOCH.plus(Duration.ofDays(30));

    private MemoryRun() {}

    public static void main(String[] args) {
        int managementPort = TestNode.freePort();
        Config config = NodeConfig.load(ConfigFactory.parseMap(Map.of(
                "tickcast.data-directory",
                args[0],
                "tickcast.http.port",
                0,
                "akka.management.http.port",
                managementPort,
                "akka.management.http.bind-port",
                managementPort,
                "tickcast.training.enabled",
                false,
                "tickcast.news.feeds",
                "")));
        Settings settings = Settings.of(config);
        CompletableFuture<Void> over = new CompletableFuture<>();
        TradeFeed feed = new CountedFeed(simulated(), Long.parseLong(args[1]), over);
        ActorSystem.create(
                node(settings, feed, over), "tickcast", NodeConfig.withClusterRoles(config, settings.roles()));
        over.join();
        System.exit(0);
    }

    private static Behavior<Void> node(Settings settings, TradeFeed feed, CompletableFuture<Void> over) {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            new Wiring(context.getSystem(), settings, InstantSource.system())
                    .start(context, new FeedChoice(feed, ""))
                    .whenComplete((serving, failure) -> {
                        if (failure != null) {
                            over.completeExceptionally(failure);
                        }
                    });
            return Behaviors.empty();
        });
    }

    private static TradeFeed simulated() {
        List<Symbol> symbols = IntStream.range(0, SYMBOLS)
                .mapToObj(i -> Symbol.parse("COIN" + i + "/USD"))
                .toList();
        SimulatedSettings usual = SimulatedSettings.defaults();
        SimulatedSettings settings = new SimulatedSettings(
                usual.seed(),
                Duration.ZERO,
                Duration.between(SimulatedMarket.EPOCH, NOW),
                usual.hold(),
                usual.patience(),
                usual.tick(),
                usual.grace(),
                ACTIVITY);
        return new SimulatedFeed(settings, symbols, InstantSource.fixed(NOW), CompletableFuture.completedStage(""));
    }

    /** Ends after so many trades; measures on the way, while everything before has been taken. */
    private static final class CountedFeed implements TradeFeed {

        private final TradeFeed feed;
        private final long most;
        private final CompletableFuture<Void> over;
        private long trades;
        private long minutes;
        private int tenths;

        CountedFeed(TradeFeed feed, long most, CompletableFuture<Void> over) {
            this.feed = feed;
            this.most = most;
            this.over = over;
        }

        @Override
        public MarketSource source() {
            return feed.source();
        }

        @Override
        public List<Symbol> symbols() {
            return feed.symbols();
        }

        @Override
        public CompletionStage<Instant> prepare(Archive archive) {
            return feed.prepare(archive);
        }

        @Override
        public Source<FeedEvent, NotUsed> events(Instant from) {
            return feed.events(from).map(this::count);
        }

        private FeedEvent count(FeedEvent event) {
            if (event instanceof FeedEvent.TradesArrived arrived) {
                trades += arrived.trades().size();
            } else if (event instanceof FeedEvent.MinutePassed) {
                minutes++;
                if (trades >= most * (tenths + 1) / TENTHS) {
                    tenths++;
                    measure();
                }
            }
            return event;
        }

        private void measure() {
            var memory = ManagementFactory.getMemoryMXBean();
            System.gc();
            System.gc();
            System.out.println(FIGURE + memory.getHeapMemoryUsage().getUsed() + " after " + trades + " trades in "
                    + minutes + " minutes");
            if (tenths == TENTHS) {
                over.complete(null);
            }
        }
    }
}
