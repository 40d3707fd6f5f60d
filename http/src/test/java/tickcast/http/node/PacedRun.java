package tickcast.http.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.SelfUp;
import akka.cluster.typed.Subscribe;
import com.typesafe.config.Config;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.TradeFeed;
import tickcast.streams.exchange.simulated.SimulatedFeed;
import tickcast.streams.exchange.simulated.SimulatedMarket;
import tickcast.streams.exchange.simulated.SimulatedSettings;

/**
 * The child of some drills: a whole node that follows a simulated market on a clock of its own. Prints the page's address as
 * {@code serve} does, then again and again its live set and what its clock says. Arguments: the clock's speed; what it says
 * at the start; then either nothing, for the busy market of {@link #SYMBOLS}, or how many quieter symbols there are.
 */
final class PacedRun {

    static final String FIGURES = "live set ";
    private static final double BUSY = 20;
    /** A time at which the market has a past. */
    static final Instant START = SimulatedMarket.EPOCH.plus(Duration.ofDays(3));

    static final List<Symbol> SYMBOLS = Recording.SYMBOLS;

    private static final SimulatedSettings SETTINGS = settings();

    private PacedRun() {}

    /** The busy market: a function of time. */
    static SimulatedMarket market() {
        return new SimulatedMarket(SETTINGS.withActivity(BUSY), SYMBOLS);
    }

    /** Symbols of the quieter market. */
    static List<Symbol> symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Symbol.parse("COIN" + i + "/USD"))
                .toList();
    }

    /** Names its source. */
    static long seed() {
        return SETTINGS.seed();
    }

    private static SimulatedSettings settings() {
        SimulatedSettings usual = SimulatedSettings.defaults();
        return new SimulatedSettings(
                usual.seed() + 1,
                Duration.ofDays(2),
                Duration.ofMinutes(10),
                Duration.ZERO,
                Duration.ZERO,
                usual.tick(),
                usual.grace(),
                usual.activity());
    }

    public static void main(String[] args) {
        double speed = Double.parseDouble(args[0]);
        Instant start = Instant.parse(args[1]);
        boolean busy = args.length == 2;
        List<Symbol> symbols = busy ? SYMBOLS : symbols(Integer.parseInt(args[2]));
        SimulatedSettings market = busy ? SETTINGS.withActivity(BUSY) : SETTINGS;
        long startedAt = System.nanoTime();
        InstantSource clock = () -> start.plusNanos((long) ((System.nanoTime() - startedAt) * speed));
        SimulatedFeed feed = new SimulatedFeed(market, symbols, clock, CompletableFuture.completedStage(""));
        Config config = NodeConfig.load();
        Settings settings = Settings.of(config);
        ActorSystem.create(
                node(settings, feed, clock), "tickcast", NodeConfig.withClusterRoles(config, settings.roles()));
        ScheduledExecutorService measuring = Executors.newSingleThreadScheduledExecutor();
        measuring.scheduleWithFixedDelay(() -> measure(clock), 2, 2, TimeUnit.SECONDS);
    }

    private static void measure(InstantSource clock) {
        System.gc();
        System.out.println(FIGURES
                + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + " at "
                + Times.iso(clock.instant()));
    }

    /** As the guardian does: a member first. */
    private static Behavior<SelfUp> node(Settings settings, TradeFeed feed, InstantSource clock) {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions().tell(Subscribe.create(context.getSelf(), SelfUp.class));
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            return Behaviors.receiveMessage(up -> {
                new Wiring(context.getSystem(), settings, clock)
                        .start(context, new FeedChoice(feed, ""))
                        .whenComplete((serving, failure) ->
                                System.out.println(failure == null ? serving.greeting() : failure.toString()));
                return Behaviors.empty();
            });
        });
    }
}
