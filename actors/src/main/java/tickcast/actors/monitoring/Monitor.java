package tickcast.actors.monitoring;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
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
import java.util.Optional;
import org.slf4j.Logger;
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
 * target minute was closed while nobody watched, or filled in later. That goes on beside the minutes: it needs old history,
 * and a store that can't tell it now must not keep the present waiting. Only the first sweep of all looks at everything. What has no target candle a day after its target
 * time becomes {@link PredictionError#NO_TARGET}.
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

    /** @param count error records written @param done false when they could not be stored; asking again later helps */
    public record Matured(Instant targetTime, int count, boolean done) implements CborSerializable {}

    /** Sharding's stop message. */
    public record Stop() implements Command {}

    private record ErrorsStored(Mature request, List<PredictionError> errors) implements Command {}

    private record StoringFailed(Mature request, Throwable failure) implements Command {}

    private record Swept(Instant at, List<PredictionError> errors) implements Command {}

    private record SweepFailed(Instant at, Throwable failure) implements Command {}

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
    private final Symbol symbol;
    private final Settings settings;
    private final Maturing maturing;
    private final ActorRef<Topic.Command<Published>> topic;
    private Instant nextSweep = Instant.MIN;
    private Optional<Instant> swept = Optional.empty();
    private boolean isSweeping;

    private Monitor(
            ActorContext<Command> context,
            StashBuffer<Command> stash,
            Symbol symbol,
            Settings settings,
            Maturing maturing,
            ActorRef<Topic.Command<Published>> topic) {
        this.context = context;
        this.stash = stash;
        this.symbol = symbol;
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
                stash ->
                        new Monitor(context, stash, symbol, settings, new Maturing(symbol, archive), topic).waiting()));
    }

    private Behavior<Command> waiting() {
        return always().onMessage(Mature.class, this::mature).build();
    }

    private Behavior<Command> maturing() {
        return always().onMessage(Mature.class, this::wait)
                .onMessage(ErrorsStored.class, this::onErrorsStored)
                .onMessage(StoringFailed.class, this::onStoringFailed)
                .build();
    }

    private BehaviorBuilder<Command> always() {
        return Behaviors.receive(Command.class)
                .onMessage(Swept.class, this::onSwept)
                .onMessage(SweepFailed.class, this::onSweepFailed)
                .onMessage(Stop.class, stop -> Behaviors.stopped());
    }

    private Behavior<Command> mature(Mature request) {
        Candle target = request.target();
        context.pipeToSelf(
                settings.backoff().run(context.getSystem(), () -> maturing.waitingFor(target)),
                (errors, failure) ->
                        failure == null ? new ErrorsStored(request, errors) : new StoringFailed(request, failure));
        if (!isSweeping && !target.closeTime().isBefore(nextSweep)) {
            sweep(target);
        }
        return maturing();
    }

    private void sweep(Candle now) {
        isSweeping = true;
        nextSweep = now.closeTime().plus(SWEEP_INTERVAL);
        Optional<Instant> before = swept;
        context.pipeToSelf(
                settings.backoff().run(context.getSystem(), () -> maturing.sweep(now, before)),
                (errors, failure) -> failure == null
                        ? new Swept(now.closeTime(), errors)
                        : new SweepFailed(now.closeTime(), failure));
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
        stored.errors().forEach(this::publish);
        Instant target = stored.request().target().closeTime();
        stored.request().replyTo().tell(new Matured(target, stored.errors().size(), true));
        return stash.unstashAll(waiting());
    }

    private Behavior<Command> onStoringFailed(StoringFailed failed) {
        Instant target = failed.request().target().closeTime();
        context.getLog()
                .warn(
                        "Errors of {} at {} could not be stored: {}",
                        symbol,
                        target,
                        failed.failure().toString());
        nextSweep = Instant.MIN;
        failed.request().replyTo().tell(new Matured(target, 0, false));
        return stash.unstashAll(waiting());
    }

    private Behavior<Command> onSwept(Swept done) {
        isSweeping = false;
        swept = Optional.of(done.at());
        done.errors().forEach(this::publish);
        Logger log = context.getSystem().log();
        maturing.note(done.at()).whenComplete((noted, failure) -> {
            if (failure != null) {
                log.debug("Where the sweep of {} ended could not be noted: {}", symbol, failure.toString());
            }
        });
        return Behaviors.same();
    }

    private Behavior<Command> onSweepFailed(SweepFailed failed) {
        isSweeping = false;
        Instant again = failed.at().plus(SWEEP_AGAIN);
        nextSweep = again.isBefore(nextSweep) ? again : nextSweep;
        context.getLog()
                .info(
                        "What {} left behind will be looked for again: {}",
                        symbol,
                        failed.failure().toString());
        return Behaviors.same();
    }

    private void publish(PredictionError error) {
        if (error.prediction().published()) {
            Topics.publish(topic, new Published.PredictionMatured(error));
        }
    }
}
