package tickcast.streams.exchange;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import tickcast.actors.CborSerializable;

/** Holds the one feed of a venue: of all nodes with the role only the oldest runs it, and another takes over when that goes. */
public final class FeedSingleton {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    sealed interface Command {}

    /** Asks whether the archive has what the source knows of the past. */
    record AskPrepared(ActorRef<Prepared> replyTo) implements Command, CborSerializable {}

    record Prepared(boolean prepared) implements CborSerializable {}

    private record Stop() implements Command {}

    private record Stopped() implements Command {}

    private final ActorSystem<?> system;
    private final AtomicReference<Ingest> running = new AtomicReference<>();
    private final ActorRef<Command> singleton;

    private FeedSingleton(ActorSystem<?> system, String role, Supplier<Ingest> start) {
        this.system = system;
        this.singleton = ClusterSingleton.get(system)
                .init(SingletonActor.of(running(start), "feed")
                        .withStopMessage(new Stop())
                        .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
    }

    /**
     * Call once on every node.
     *
     * @param role of the nodes that may run the feed
     * @param start starts the feed; called on the node whose turn it is
     */
    public static FeedSingleton init(ActorSystem<?> system, String role, Supplier<Ingest> start) {
        return new FeedSingleton(system, role, start);
    }

    /**
     * Completes when the feed, on whichever node it runs, has put into the archive what its source knows of the past. Asks
     * until it has.
     */
    public CompletionStage<Done> prepared() {
        return AskPattern.<Command, Prepared>ask(singleton, AskPrepared::new, ANSWER_TIMEOUT, system.scheduler())
                .handle((answer, failure) -> failure == null && answer.prepared())
                .thenCompose(isPrepared -> isPrepared
                        ? CompletableFuture.completedStage(Done.getInstance())
                        : Patterns.after(PAUSE, system, this::prepared));
    }

    /** Stops the feed where it runs on this node: before the node leaves, so that it says no more. */
    public CompletionStage<Done> stop() {
        Ingest feed = running.get();
        return feed == null ? CompletableFuture.completedStage(Done.getInstance()) : feed.stop();
    }

    private Behavior<Command> running(Supplier<Ingest> start) {
        return Behaviors.setup(context -> {
            Ingest feed = start.get();
            running.set(feed);
            return Behaviors.receive(Command.class)
                    .onMessage(AskPrepared.class, question -> {
                        question.replyTo().tell(new Prepared(feed.isPrepared()));
                        return Behaviors.same();
                    })
                    .onMessage(Stop.class, stop -> {
                        context.pipeToSelf(feed.stop(), (done, failure) -> new Stopped());
                        return Behaviors.same();
                    })
                    .onMessage(Stopped.class, stopped -> Behaviors.stopped())
                    .onSignal(PostStop.class, signal -> {
                        feed.stop();
                        return Behaviors.same();
                    })
                    .build();
        });
    }
}
