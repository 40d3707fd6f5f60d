package tickcast.streams.exchange;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import java.util.function.Supplier;

/** Holds the one feed of a venue: of all nodes with the role only the oldest runs it, and another takes over when that goes. */
public final class FeedSingleton {

    private sealed interface Command {}

    private record Stop() implements Command {}

    private record Stopped() implements Command {}

    private FeedSingleton() {}

    /**
     * Call once on every node.
     *
     * @param role of the nodes that may run it
     * @param start starts the feed; called on the node whose turn it is
     */
    public static void init(ActorSystem<?> system, String role, Supplier<Ingest> start) {
        ClusterSingleton.get(system)
                .init(SingletonActor.of(running(start), "feed")
                        .withStopMessage(new Stop())
                        .withSettings(ClusterSingletonSettings.create(system).withRole(role)));
    }

    private static Behavior<Command> running(Supplier<Ingest> start) {
        return Behaviors.setup(context -> {
            Ingest feed = start.get();
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
