package tickcast.actors.monitoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import tickcast.actors.Backoff;
import tickcast.actors.CborSerializable;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.archive.Archive;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/**
 * One symbol's monitor: turns every prediction with figures into an error record, exactly once. Sharded by symbol name.
 *
 * <p>After a (re)start, and once an hour of event time, it also looks for predictions that were left behind: those whose
 * target minute was closed while nobody watched, or filled in later. What has no target candle a day after its target time
 * becomes {@link PredictionError#NO_TARGET}.
 */
public final class Monitor {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "Monitor");

    /** How often what was left behind is looked for, in event time. */
    static final Duration SWEEP_INTERVAL = Duration.ofHours(1);
    /** After a sweep that failed. */
    private static final Duration SWEEP_AGAIN = Duration.ofMinutes(5);

    public sealed interface Command extends CborSerializable {}

    /** The candle that ends at a target time is stored: everything that waited for it matures. Answered when the errors are stored. */
    public record Mature(Candle target, ActorRef<Matured> replyTo) implements Command {}

    /** @param count error records written, swept ones included @param done false when they could not be stored; asking again later helps */
    public record Matured(Instant targetTime, int count, boolean done) implements CborSerializable {}

    /** Sharding's stop message. */
    public record Stop() implements Command {}

    private record ErrorsStored(Mature request, List<PredictionError> errors, boolean swept) implements Command {}

    private record StoringFailed(Mature request, Throwable failure) implements Command {}

    /**
     * @param role cluster role of the nodes that hold monitors, or empty for any
     * @param backoff how patiently the archive is tried
     * @param stashCapacity requests that wait while one is at work
     */
    public record Settings(String role, Backoff backoff, int stashCapacity) {

        /** What production uses for everything but the arguments. */
        public static Settings of(String role) {
            return new Settings(role, Backoff.PATIENT, 256);
        }
    }

    private final ActorContext<Command> context;
    private final StashBuffer<Command> stash;
    private final Settings settings;
    private final Maturing maturing;
    private final ActorRef<Topic.Command<Published>> topic;
    private Instant nextSweep = Instant.MIN;

    private Monitor(
            ActorContext<Command> context,
            StashBuffer<Command> stash,
            Settings settings,
            Maturing maturing,
            ActorRef<Topic.Command<Published>> topic) {
        this.context = context;
        this.stash = stash;
        this.settings = settings;
        this.maturing = maturing;
        this.topic = topic;
    }

    /** Makes monitors available on this node. Call once on every node; nodes without the role get a proxy. */
    public static ActorRef<ShardingEnvelope<Command>> init(
            ClusterSharding sharding, Settings settings, Archive archive, ActorRef<Topic.Command<Published>> topic) {
        Entity<Command, ShardingEnvelope<Command>> entity = Entity.of(
                        TYPE_KEY,
                        entityContext -> create(Symbol.parse(entityContext.getEntityId()), settings, archive, topic))
                .withStopMessage(new Stop());
        return sharding.init(settings.role().isEmpty() ? entity : entity.withRole(settings.role()));
    }

    /** The monitor of a symbol, wherever it is. */
    public static EntityRef<Command> of(ClusterSharding sharding, Symbol symbol) {
        return sharding.entityRefFor(TYPE_KEY, symbol.name());
    }

    /** One symbol's monitor, outside of sharding. */
    public static Behavior<Command> create(
            Symbol symbol, Settings settings, Archive archive, ActorRef<Topic.Command<Published>> topic) {
        return Behaviors.setup(context -> Behaviors.withStash(
                settings.stashCapacity(),
                stash -> new Monitor(context, stash, settings, new Maturing(symbol, archive), topic).waiting()));
    }

    private Behavior<Command> waiting() {
        return Behaviors.receive(Command.class)
                .onMessage(Mature.class, this::mature)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> maturing() {
        return Behaviors.receive(Command.class)
                .onMessage(Mature.class, this::wait)
                .onMessage(ErrorsStored.class, this::onErrorsStored)
                .onMessage(StoringFailed.class, this::onStoringFailed)
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> mature(Mature request) {
        boolean sweep = !request.target().closeTime().isBefore(nextSweep);
        context.pipeToSelf(
                errors(context.getSystem(), request, sweep),
                (stored, failure) -> failure == null ? stored : new StoringFailed(request, failure));
        return maturing();
    }

    /** Sweeping needs old history. While that can't be read, the minute's own predictions mature all the same. */
    private CompletionStage<ErrorsStored> errors(ActorSystem<?> system, Mature request, boolean sweep) {
        Candle target = request.target();
        CompletionStage<ErrorsStored> stored = settings.backoff()
                .run(system, () -> sweep ? maturing.sweep(target) : maturing.waitingFor(target))
                .thenApply(errors -> new ErrorsStored(request, errors, sweep));
        return sweep ? stored.exceptionallyCompose(failure -> errors(system, request, false)) : stored;
    }

    private Behavior<Command> wait(Mature request) {
        if (stash.isFull()) {
            request.replyTo().tell(new Matured(request.target().closeTime(), 0, false));
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onErrorsStored(ErrorsStored stored) {
        Instant target = stored.request().target().closeTime();
        if (!target.isBefore(nextSweep)) {
            nextSweep = target.plus(stored.swept() ? SWEEP_INTERVAL : SWEEP_AGAIN);
        }
        stored.errors().stream()
                .filter(error -> error.prediction().published())
                .forEach(error -> Topics.publish(topic, new Published.PredictionMatured(error)));
        stored.request().replyTo().tell(new Matured(target, stored.errors().size(), true));
        return stash.unstashAll(waiting());
    }

    private Behavior<Command> onStoringFailed(StoringFailed failed) {
        Instant target = failed.request().target().closeTime();
        context.getLog()
                .warn(
                        "Errors of {} at {} could not be stored: {}",
                        failed.request().target().symbol(),
                        target,
                        failed.failure().toString());
        nextSweep = Instant.MIN;
        failed.request().replyTo().tell(new Matured(target, 0, false));
        return stash.unstashAll(waiting());
    }
}
