package tickcast.actors.market;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import akka.cluster.sharding.typed.ShardingEnvelope;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.Entity;
import akka.cluster.sharding.typed.javadsl.EntityRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tickcast.actors.Backoff;
import tickcast.actors.CborSerializable;
import tickcast.actors.MarketClock;
import tickcast.actors.monitoring.Monitor;
import tickcast.actors.prediction.Predictor;
import tickcast.actors.topic.Published;
import tickcast.model.archive.Archive;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.Sentiment;

/**
 * One symbol's market: owns its candle builder, its window and its indicators. Sharded by symbol name.
 *
 * <p>Per minute: close the candle, store it, tell it; then ask the {@link Predictor} for the prediction of that as-of and
 * the {@link Monitor} to mature what waited for it; when both have stored, answer {@link Closed}. Trades are taken at any
 * time; other requests wait while one is at work. Nothing here blocks.
 *
 * <p>Every life of a market has a number of its own, which its answers carry. A market that was stopped and started again in
 * the middle of a minute knows only some of its trades: whoever gave it the others has to begin again.
 *
 * <p>It keeps no state of its own: when the minute to close does not follow the last one (also at the first one after a
 * start) it seeks, that is, it rebuilds itself from the archive.
 */
public final class Market {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "Market");

    private Market() {}

    public sealed interface Command extends CborSerializable
            permits RecordTrades, CloseMinute, CloseWithCandle, ReviseCandles, HearSentiment, Stop, MarketEvent {}

    /** Takes trades of this symbol. Answered when they are in. */
    public record RecordTrades(List<Trade> trades, ActorRef<Recorded> replyTo) implements Command {}

    /**
     * @param duplicates trades whose id was known
     * @param tooLate trades whose minute is no longer remembered: only {@link ReviseCandles} can mend it
     * @param life which life of the market took them: another one knows nothing of them
     */
    public record Recorded(int duplicates, int tooLate, long life) implements CborSerializable {}

    /** Whoever is there shall close the minute. */
    public static final long ANY_LIFE = 0;

    /**
     * Closes the minute that ends at {@code closeTime} from the trades taken. Answered when its candle, prediction and errors
     * are stored.
     *
     * @param life the one that took the trades, or {@link #ANY_LIFE}; another one knows only some of them and does nothing
     */
    public record CloseMinute(
            Instant closeTime, Coverage coverage, boolean feedAlive, Pace pace, long life, ActorRef<Closed> replyTo)
            implements Command {}

    /** Closes a minute with a candle that the source made itself (candle files, exchange history). Answered like {@link CloseMinute}. */
    public record CloseWithCandle(Candle candle, Pace pace, ActorRef<Closed> replyTo) implements Command {}

    /**
     * @param done false when something could not be stored in time, and the minute may be closed again, or when another life
     *     was meant
     * @param life which life of the market answers
     */
    public record Closed(Instant closeTime, boolean done, long life) implements CborSerializable {}

    /**
     * Newer truth about closed minutes (repairs, read-back with trades): kept as new revisions where it differs, then later
     * state is recomputed. Not answered when it could not be stored: ask again.
     */
    public record ReviseCandles(List<Candle> candles, ActorRef<Revised> replyTo) implements Command {}

    /** @param changed minutes that got a new revision, or a first one; minutes without trades that follow a changed close count too */
    public record Revised(int changed) implements CborSerializable {}

    /** News about this symbol or the market was scored. */
    public record HearSentiment(List<Sentiment> sentiment) implements Command {}

    /** Sharding's stop message. */
    public record Stop() implements Command {}

    /**
     * @param role cluster role of the nodes that hold markets, or empty for any
     * @param horizonMinutes of the forecasts
     * @param coverages of the intervals, rising, e.g. 0.8, 0.95
     * @param backoff how patiently the archive is tried
     * @param askTimeout how long one ask to the predictor or the monitor may take; longer than the panel's wait
     * @param askBackoff how patiently predictor and monitor are asked again
     * @param stashCapacity requests that wait while one is at work; more are refused
     */
    public record Settings(
            String role,
            int horizonMinutes,
            List<Double> coverages,
            Backoff backoff,
            Duration askTimeout,
            Backoff askBackoff,
            int stashCapacity) {

        /** What production uses for everything but the arguments. */
        public static Settings of(String role, int horizonMinutes, List<Double> coverages) {
            Backoff askBackoff = new Backoff(3, Duration.ofMillis(200), Duration.ofSeconds(1));
            return new Settings(
                    role, horizonMinutes, coverages, Backoff.PATIENT, Duration.ofSeconds(6), askBackoff, 256);
        }
    }

    /**
     * Whom a market deals with.
     *
     * @param predictor the node's {@link Predictor#router()}
     * @param monitors the monitor of a symbol
     * @param topic this node's end of the topic
     */
    public record Partners(
            Archive archive,
            ActorRef<Predictor.Command> predictor,
            Function<Symbol, RecipientRef<Monitor.Command>> monitors,
            ActorRef<Topic.Command<Published>> topic,
            MarketClock clock) {}

    /** Makes markets available on this node. Call once on every node; nodes without the role get a proxy. */
    public static ActorRef<ShardingEnvelope<Command>> init(
            ClusterSharding sharding, Settings settings, Partners partners) {
        return init(sharding, settings, partners, UnaryOperator.identity());
    }

    /** The same, where something else decides which node holds which markets. @param placement sets extractor and allocation */
    public static ActorRef<ShardingEnvelope<Command>> init(
            ClusterSharding sharding,
            Settings settings,
            Partners partners,
            UnaryOperator<Entity<Command, ShardingEnvelope<Command>>> placement) {
        Entity<Command, ShardingEnvelope<Command>> entity = Entity.of(
                        TYPE_KEY, context -> create(Symbol.parse(context.getEntityId()), settings, partners))
                .withStopMessage(new Stop());
        return sharding.init(placement.apply(settings.role().isEmpty() ? entity : entity.withRole(settings.role())));
    }

    /** The market of a symbol, wherever it is. */
    public static EntityRef<Command> of(ClusterSharding sharding, Symbol symbol) {
        return sharding.entityRefFor(TYPE_KEY, symbol.name());
    }

    /** One symbol's market, outside of sharding. */
    public static Behavior<Command> create(Symbol symbol, Settings settings, Partners partners) {
        return Behaviors.setup(context -> Behaviors.withStash(
                settings.stashCapacity(),
                stash -> new TradingFloor(context, stash, symbol, settings, partners).open()));
    }
}
