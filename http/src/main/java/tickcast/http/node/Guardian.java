package tickcast.http.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.SelfUp;
import akka.cluster.typed.Subscribe;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The node's root: joins the cluster, chooses the market, starts the parts that its roles name. */
final class Guardian {

    sealed interface Command {}

    private record Joined() implements Command {}

    private record FeedChosen(FeedChoice choice) implements Command {}

    private record Started(Serving serving) implements Command {}

    private record StartFailed(Throwable failure) implements Command {}

    private final ActorContext<Command> context;
    private final Settings settings;
    private final InstantSource wall;
    private final PrintWriter words;
    private final Consumer<Throwable> onFailure;

    private Guardian(
            ActorContext<Command> context,
            Settings settings,
            InstantSource wall,
            PrintWriter words,
            Consumer<Throwable> onFailure) {
        this.context = context;
        this.settings = settings;
        this.wall = wall;
        this.words = words;
        this.onFailure = onFailure;
    }

    /**
     * @param words where people are told what happens
     * @param onFailure told once when the node can't start; the actor system ends then
     */
    static Behavior<Command> create(Settings settings, PrintWriter words, Consumer<Throwable> onFailure) {
        return create(settings, InstantSource.system(), words, onFailure);
    }

    /** As above, on another clock: what it shows is "now" for every part of the node. */
    static Behavior<Command> create(
            Settings settings, InstantSource wall, PrintWriter words, Consumer<Throwable> onFailure) {
        return Behaviors.setup(context -> new Guardian(context, settings, wall, words, onFailure).joining());
    }

    /** A cluster of one joins itself; where others are named, Akka joins them, and joining oneself would keep it from that. */
    private Behavior<Command> joining() {
        Cluster cluster = Cluster.get(context.getSystem());
        ActorRef<SelfUp> up = context.messageAdapter(SelfUp.class, event -> new Joined());
        cluster.subscriptions().tell(Subscribe.create(up, SelfUp.class));
        if (!NodeConfig.namesOthers(context.getSystem().settings().config())) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        }
        return Behaviors.receive(Command.class)
                .onMessage(Joined.class, joined -> choosing())
                .build();
    }

    private Behavior<Command> choosing() {
        Wiring wiring = new Wiring(context.getSystem(), settings, wall);
        context.pipeToSelf(
                attempt(wiring::chooseFeed),
                (choice, failure) -> failure == null ? new FeedChosen(choice) : new StartFailed(failure));
        return Behaviors.receive(Command.class)
                .onMessage(FeedChosen.class, chosen -> starting(wiring, chosen.choice()))
                .onMessage(StartFailed.class, this::failed)
                .build();
    }

    private Behavior<Command> starting(Wiring wiring, FeedChoice choice) {
        words.println(choice.words());
        context.pipeToSelf(
                attempt(() -> wiring.start(context, choice)),
                (serving, failure) -> failure == null ? new Started(serving) : new StartFailed(failure));
        return Behaviors.receive(Command.class)
                .onMessage(Started.class, started -> serving(started.serving()))
                .onMessage(StartFailed.class, this::failed)
                .build();
    }

    /** What is thrown at once is no less told than what fails later. */
    private static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException failure) {
            return CompletableFuture.failedStage(failure);
        }
    }

    private Behavior<Command> serving(Serving serving) {
        words.print(serving.greeting());
        words.flush();
        return Behaviors.empty();
    }

    private Behavior<Command> failed(StartFailed start) {
        onFailure.accept(start.failure());
        return Behaviors.stopped();
    }
}
