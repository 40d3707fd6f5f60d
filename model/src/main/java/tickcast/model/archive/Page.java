package tickcast.model.archive;

import java.time.Instant;

/**
 * Which part of a time series is asked for. {@code from} inclusive, {@code to} exclusive.
 *
 * @param from start, or {@link Instant#MIN}
 * @param to end, or {@link Instant#MAX}
 * @param limit most items, at least 1
 * @param newest true = the newest {@code limit} of the range, false = the oldest; the answer is oldest first either way
 */
public record Page(Instant from, Instant to, int limit, boolean newest) {

    public Page {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, was " + limit);
        }
    }

    /** The oldest {@code limit} from {@code from} on. */
    public static Page forward(Instant from, Instant to, int limit) {
        return new Page(from, to, limit, false);
    }

    /** The newest {@code limit} before {@code to}. */
    public static Page backward(Instant from, Instant to, int limit) {
        return new Page(from, to, limit, true);
    }

    /** The newest {@code limit} of all. */
    public static Page latest(int limit) {
        return new Page(Instant.MIN, Instant.MAX, limit, true);
    }

    /** Everything in the range. */
    public static Page all(Instant from, Instant to) {
        return new Page(from, to, Integer.MAX_VALUE, false);
    }
}
