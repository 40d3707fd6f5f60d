package tickcast.model.market;

import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** One feed's event time: the highest exchange time seen over all symbols, minus the grace. Single-threaded. */
public final class Watermark {

    private final Duration grace;
    private Instant value;
    private long nextEnd;

    /**
     * @param grace how long after a minute's end trades of that minute are waited for
     * @param start minutes that end at or before this instant are never reported
     */
    public Watermark(Duration grace, Instant start) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
        this.grace = grace;
        this.value = start;
        this.nextEnd = Times.epochMinute(start) + 1;
    }

    /**
     * Moves on to an exchange time (trade or exchange clock); one that lies behind moves nothing. Returns the close times of
     * the minutes that are over now, oldest first, without a hole; never the same one twice.
     */
    public List<Instant> advance(Instant exchangeTime) {
        Instant reached = exchangeTime.minus(grace);
        if (!reached.isAfter(value)) {
            return List.of();
        }
        value = reached;
        long lastEnd = Times.epochMinute(reached);
        if (lastEnd < nextEnd) {
            return List.of();
        }
        List<Instant> ends = new MinuteEnds(nextEnd, Math.toIntExact(lastEnd - nextEnd + 1));
        nextEnd = lastEnd + 1;
        return ends;
    }

    /** Highest exchange time seen minus the grace, or the start. */
    public Instant value() {
        return value;
    }

    /** Consecutive minutes, computed when asked: a jump of years costs no memory. */
    private static final class MinuteEnds extends AbstractList<Instant> implements RandomAccess {

        private final long first;
        private final int size;

        MinuteEnds(long first, int size) {
            this.first = first;
            this.size = size;
        }

        @Override
        public Instant get(int index) {
            if (index < 0 || index >= size) {
                throw new IndexOutOfBoundsException(index);
            }
            return Times.ofEpochMinute(first + index);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
