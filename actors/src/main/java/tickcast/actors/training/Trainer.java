package tickcast.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import tickcast.actors.CborSerializable;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelRegistry;

/** Cluster singleton: trains in the background, registers, and says which model may speak. */
public final class Trainer {

    private Trainer() {}

    public sealed interface Command extends CborSerializable
            permits Promote, Rollback, AwaitFirstVerdict, TrainingRoom.Internal {}

    /** An operator makes a version the champion. */
    public record Promote(String version, ActorRef<Switched> replyTo) implements Command {}

    /** An operator brings the former champion back. */
    public record Rollback(ActorRef<Switched> replyTo) implements Command {}

    /** What came of an operator's order. */
    public enum Outcome {
        DONE,
        /** Asking again does not help. */
        REFUSED,
        /** The registry could not be read or written; asking again later may help. */
        UNAVAILABLE
    }

    /** @param version the champion now, or empty @param problem why it was not done, or empty */
    public record Switched(Outcome outcome, String version, String problem) implements CborSerializable {}

    /** Answered when the first attempt to train after the start has ended, whatever came of it; after that at once. */
    public record AwaitFirstVerdict(ActorRef<Verdict> replyTo) implements Command {}

    /** @param version of the model that speaks, or {@code naive} @param reason one plain sentence */
    public record Verdict(String version, String reason) implements CborSerializable {}

    /**
     * @param role cluster role of the node that trains, or empty for any
     * @param symbols whose history is pooled
     * @param enabled false pins the present champion: no training, no silencing
     * @param history how far back it reads
     * @param retryAfter pause after an attempt that had too little history, or failed
     * @param retrainAfter age of the champion's data at which another is trained
     * @param watchEvery how often the champion's live record is looked at
     * @param watchWindow how much of it
     * @param challengers models scored in the shadow, at most, the predecessor among them; older ones are retired
     * @param rules by which one model takes another's place
     */
    public record Settings(
            String role,
            List<Symbol> symbols,
            boolean enabled,
            Duration history,
            Duration retryAfter,
            Duration retrainAfter,
            Duration watchEvery,
            Duration watchWindow,
            int challengers,
            Rules rules) {

        /** What production uses for everything but the arguments. */
        public static Settings of(String role, List<Symbol> symbols, boolean enabled) {
            return new Settings(
                    role,
                    List.copyOf(symbols),
                    enabled,
                    Duration.ofDays(30),
                    Duration.ofMinutes(5),
                    Duration.ofHours(24),
                    Duration.ofHours(1),
                    Duration.ofDays(7),
                    2,
                    Rules.of(Duration.ofHours(48)));
        }
    }

    /**
     * @param staleAfter age of a model's data at which it may not speak any more
     * @param leastReplay minutes that neither of two models was trained on before they are compared on them
     * @param leastRows rows of those, at least
     * @param retrainPause age of the newest model's data before drift asks for another
     */
    public record Rules(Duration staleAfter, Duration leastReplay, int leastRows, Duration retrainPause) {

        /** What production uses for everything but the argument. */
        public static Rules of(Duration staleAfter) {
            return new Rules(staleAfter, Duration.ofHours(6), 500, Duration.ofHours(6));
        }
    }

    /**
     * Whom a trainer deals with.
     *
     * @param topic this node's end of the topic
     * @param clock this node's
     * @param historyReady completes when the archive has what the source knows of the past; the first attempt waits for it
     */
    public record Partners(
            Archive archive,
            ModelRegistry registry,
            Recipe recipe,
            ActorRef<Topic.Command<Published>> topic,
            InstantSource clock,
            CompletionStage<?> historyReady) {}

    /** Makes the one trainer of the cluster available. Call once on every node. */
    public static ActorRef<Command> init(ActorSystem<?> system, Settings settings, Partners partners) {
        ClusterSingletonSettings singleton = ClusterSingletonSettings.create(system);
        return ClusterSingleton.get(system)
                .init(SingletonActor.of(create(settings, partners), "trainer")
                        .withSettings(settings.role().isEmpty() ? singleton : singleton.withRole(settings.role())));
    }

    /** Completes when the first attempt to train has ended; fails after {@code patience}. */
    public static CompletionStage<Verdict> firstVerdict(
            ActorSystem<?> system, ActorRef<Command> trainer, Duration patience) {
        return AskPattern.ask(trainer, AwaitFirstVerdict::new, patience, system.scheduler());
    }

    /** A trainer, outside of the singleton. Starts again when it crashes. */
    public static Behavior<Command> create(Settings settings, Partners partners) {
        Behavior<Command> room = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            var dispatchers = context.getSystem().dispatchers();
            return new TrainingRoom(
                            context,
                            timers,
                            settings,
                            partners,
                            dispatchers.lookup(DispatcherSelector.fromConfig("tickcast.training-dispatcher")),
                            dispatchers.lookup(DispatcherSelector.fromConfig("tickcast.blocking-dispatcher")))
                    .start();
        }));
        return Behaviors.supervise(room)
                .onFailure(SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.2));
    }
}
