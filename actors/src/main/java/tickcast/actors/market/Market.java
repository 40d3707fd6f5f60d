package tickcast.actors.market;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.time.Instant;
import java.util.List;
import tickcast.actors.CborSerializable;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.Sentiment;

/** One symbol's market: owns its candle builder, its window and its indicators. Sharded by symbol name. */
public final class Market {

    public static final EntityTypeKey<Command> TYPE_KEY = EntityTypeKey.create(Command.class, "Market");

    private Market() {}

    public sealed interface Command extends CborSerializable {}

    /** Takes trades of this symbol. Answered when they are in. */
    public record RecordTrades(List<Trade> trades, ActorRef<Recorded> replyTo) implements Command {}

    /** @param duplicates trades whose id was known @param tooLate trades whose minute is no longer remembered: only {@link ReviseCandles} can mend it */
    public record Recorded(int duplicates, int tooLate) implements CborSerializable {}

    /** Closes the minute that ends at {@code closeTime} from the trades taken. Answered when its candle, prediction and errors are stored. */
    public record CloseMinute(
            Instant closeTime, Coverage coverage, boolean feedAlive, Pace pace, ActorRef<Closed> replyTo)
            implements Command {}

    /** Closes a minute with a candle that the source made itself (candle files, exchange history). Answered like {@link CloseMinute}. */
    public record CloseWithCandle(Candle candle, Pace pace, ActorRef<Closed> replyTo) implements Command {}

    /** @param done false when something could not be stored in time; the minute may be closed again */
    public record Closed(Instant closeTime, boolean done) implements CborSerializable {}

    /** Newer truth about closed minutes (repairs, read-back with trades): kept as new revisions where it differs, then later state is recomputed. */
    public record ReviseCandles(List<Candle> candles, ActorRef<Revised> replyTo) implements Command {}

    public record Revised(int changed) implements CborSerializable {}

    /** News about this symbol or the market was scored. */
    public record HearSentiment(List<Sentiment> sentiment) implements Command {}

    /** Sharding's stop message. */
    public record Stop() implements Command {}
}
