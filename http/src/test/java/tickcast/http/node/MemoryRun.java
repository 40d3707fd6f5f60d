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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
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
    private static final Executor LATER = CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS);
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

    /** Measures after each tenth, when the minute has its answers and before the next one begins. */
    private static final class CountedFeed implements TradeFeed {

        private final TradeFeed feed;
        private final long most;
        private final CompletableFuture<Void> over;
        private final CompletableFuture<Archive> archive = new CompletableFuture<>();
        private long trades;
        private long minutes;
        private int tenths;
        private Optional<Instant> measureAfter = Optional.empty();

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
        public CompletionStage<Instant> prepare(Archive ready) {
            archive.complete(ready);
            return feed.prepare(ready);
        }

        @Override
        public Source<FeedEvent, NotUsed> events(Instant from) {
            return feed.events(from).mapAsync(1, event -> {
                CompletionStage<Void> measured =
                        measureAfter.map(this::measureWhenDone).orElseGet(() -> CompletableFuture.completedStage(null));
                measureAfter = Optional.empty();
                return measured.thenApply(done -> count(event));
            });
        }

        private FeedEvent count(FeedEvent event) {
            if (event instanceof FeedEvent.TradesArrived arrived) {
                trades += arrived.trades().size();
            } else if (event instanceof FeedEvent.MinutePassed passed) {
                minutes++;
                if (trades >= most * (tenths + 1) / TENTHS) {
                    tenths++;
                    measureAfter = Optional.of(passed.closeTime());
                }
            }
            return event;
        }

        /** Nothing is under way then but this. */
        private CompletionStage<Void> measureWhenDone(Instant closeTime) {
            List<CompletableFuture<List<Prediction>>> newest = symbols().stream()
                    .map(symbol ->
                            archive.join().predictions(symbol, Page.latest(1)).toCompletableFuture())
                    .toList();
            return CompletableFuture.allOf(newest.toArray(CompletableFuture<?>[]::new))
                    .thenApply(all -> newest.stream()
                            .flatMap(found -> found.join().stream())
                            .filter(prediction -> prediction.asOf().equals(closeTime))
                            .count())
                    .thenComposeAsync(
                            done -> {
                                if (done < SYMBOLS) {
                                    return measureWhenDone(closeTime);
                                }
                                return CompletableFuture.runAsync(this::measure, LATER);
                            },
                            LATER);
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
