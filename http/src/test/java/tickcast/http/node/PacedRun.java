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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tickcast.model.market.Times;
import tickcast.streams.exchange.simulated.SimulatedFeed;
import tickcast.streams.exchange.simulated.SimulatedMarket;
import tickcast.streams.exchange.simulated.SimulatedSettings;

/**
 * The child of {@link KafkaAwayTest}: a whole node that follows a busy simulated market on a clock that hurries. Prints the
 * page's address as {@code serve} does, then again and again its live set and what its clock says. Argument: the clock's
 * speed.
 */
final class PacedRun {

    static final String FIGURES = "live set ";
    /** What its clock says at the start. */
    static final Instant START = SimulatedMarket.EPOCH.plus(Duration.ofDays(20));

    private static final SimulatedSettings SETTINGS = settings();

    private PacedRun() {}

    /** The market that it follows: a function of time. */
    static SimulatedMarket market() {
        return new SimulatedMarket(SETTINGS, Recording.SYMBOLS);
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
                20);
    }

    public static void main(String[] args) {
        double speed = Double.parseDouble(args[0]);
        long startedAt = System.nanoTime();
        InstantSource clock = () -> START.plusNanos((long) ((System.nanoTime() - startedAt) * speed));
        Config config = NodeConfig.load();
        Settings settings = Settings.of(config);
        ActorSystem.create(node(settings, clock), "tickcast", NodeConfig.withClusterRoles(config, settings.roles()));
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
    private static Behavior<SelfUp> node(Settings settings, InstantSource clock) {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions().tell(Subscribe.create(context.getSelf(), SelfUp.class));
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            return Behaviors.receiveMessage(up -> {
                SimulatedFeed feed =
                        new SimulatedFeed(SETTINGS, Recording.SYMBOLS, clock, CompletableFuture.completedStage(""));
                new Wiring(context.getSystem(), settings, clock)
                        .start(context, new FeedChoice(feed, ""))
                        .whenComplete((serving, failure) ->
                                System.out.println(failure == null ? serving.greeting() : failure.toString()));
                return Behaviors.empty();
            });
        });
    }
}
