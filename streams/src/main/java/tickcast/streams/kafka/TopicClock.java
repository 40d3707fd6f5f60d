package tickcast.streams.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent.MinutePassed;

/**
 * The watermark of a venue of which nothing is heard but its trades: the highest trade time, carried on by this node's
 * clock, minus the grace. A trade time ahead of this node's clock closes nothing early. While something comes in, even an empty record, the venue counts as alive. Single-threaded.
 */
final class TopicClock {

    /** Nothing for so long: the venue is not proven alive. */
    static final Duration SILENCE = Duration.ofSeconds(10);
    /** So long a minute waits for a silent venue; then it closes as unsure. */
    static final Duration HELD = Duration.ofSeconds(20);
    /** A venue's clock may be so much ahead of this node's; what is said to be later counts as of then. */
    static final Duration AHEAD = Duration.ofSeconds(2);
    /** A watermark that lags so far behind runs through the past. */
    private static final Duration PAST = Duration.ofMinutes(2);
    /** Minutes that pass with one tick, at most: a long backlog goes on with the next one. */
    private static final int MINUTES_A_TICK = 600;

    private final Set<Symbol> symbols;
    private final Duration grace;
    /** Start of the next minute to pass. */
    private Optional<Instant> next;

    private boolean joinedMidway;
    private Instant earliest = Instant.MAX;
    private Instant highest = Instant.MIN;
    private Instant highestHeardAt = Instant.MIN;
    private Instant heardAt = Instant.MIN;
    private Instant standsUntil = Instant.MIN;

    /** @param from start of the first minute to pass; empty = the minute of the first trade, of which a part may be missing */
    TopicClock(Set<Symbol> symbols, Duration grace, Optional<Instant> from) {
        this.symbols = Set.copyOf(symbols);
        this.grace = grace;
        this.next = from;
        this.joinedMidway = from.isEmpty();
    }

    /** A record came in. */
    void heard(Instant now) {
        heardAt = now;
    }

    /** A trade came in. */
    void traded(Instant time, Instant now) {
        heardAt = now;
        if (time.isBefore(earliest)) {
            earliest = time;
        }
        Instant believed = lowestOf(time, now.plus(AHEAD));
        if (believed.isAfter(highest)) {
            highest = believed;
            highestHeardAt = now;
        }
    }

    /** The log can't be read: nothing passes until it could be for as long as a venue may be silent. */
    void stand(Instant now) {
        standsUntil = now.plus(SILENCE);
    }

    /** Whether it stands still. */
    boolean stands(Instant now) {
        return now.isBefore(standsUntil);
    }

    /** Whether the venue is proven alive. */
    boolean isAlive(Instant now) {
        return heardAt.isAfter(now.minus(SILENCE));
    }

    /** The minutes that have passed since the last tick, in order. */
    List<MinutePassed> tick(Instant now) {
        if (highest.equals(Instant.MIN) || stands(now)) {
            return List.of();
        }
        Instant start = next.orElseGet(() -> Times.minuteOf(earliest));
        boolean alive = isAlive(now);
        Instant time = highest.plus(Duration.between(highestHeardAt, now));
        Instant watermark = alive ? time.minus(grace) : time.minus(HELD);
        List<MinutePassed> passed = new ArrayList<>();
        while (passed.size() < MINUTES_A_TICK
                && !start.plus(Candle.INTERVAL).isAfter(highestOf(watermark, highest.minus(grace)))) {
            start = start.plus(Candle.INTERVAL);
            passed.add(minute(start, alive || !start.isAfter(highest), now));
            joinedMidway = false;
        }
        next = Optional.of(start);
        return passed;
    }

    private static Instant highestOf(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant lowestOf(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private MinutePassed minute(Instant closeTime, boolean alive, Instant now) {
        Pace pace = closeTime.isBefore(now.minus(PAST)) ? Pace.EVENT : Pace.CLOCK;
        Set<Symbol> unsure = joinedMidway || !alive ? symbols : Set.of();
        return new MinutePassed(closeTime, pace, unsure, Set.of(), alive, List.of());
    }
}
