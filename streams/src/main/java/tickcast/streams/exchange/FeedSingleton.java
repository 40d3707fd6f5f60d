package tickcast.streams.exchange;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Holds the one feed of a venue: of all nodes with the role only the oldest runs it, and another takes over when that goes. */
public final class FeedSingleton {

    private sealed interface Command {}

    private record Stop() implements Command {}

    private record Stopped() implements Command {}

    private final AtomicReference<Ingest> running = new AtomicReference<>();

    private FeedSingleton() {}

    /**
     * Call once on every node that may run the feed.
     *
     * @param role of these nodes
     * @param start starts the feed; called on the node whose turn it is
     */
    public static FeedSingleton init(ActorSystem<?> system, String role, Supplier<Ingest> start) {
        FeedSingleton own = new FeedSingleton();
        ClusterSingleton.get(system)
                .init(SingletonActor.of(own.running(start), "feed")
                        .withStopMessage(new Stop())
                        .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
        return own;
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
