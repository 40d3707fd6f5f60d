package tickcast.streams.exchange.kraken;

/**
 * One token per interval, at most {@code capacity} in store. Times are nanoseconds of any one clock. Single-threaded.
 */
final class TokenBucket {

    private final long intervalNanos;
    private final int capacity;
    private long fullAt;

    TokenBucket(long intervalNanos, int capacity, long nowNanos) {
        this.intervalNanos = Math.max(1, intervalNanos);
        this.capacity = capacity;
        this.fullAt = nowNanos;
    }

    /** Takes a token, if there is one. */
    boolean tryTake(long nowNanos) {
        if (waitNanos(nowNanos) > 0) {
            return false;
        }
        fullAt = Math.max(fullAt, nowNanos) + intervalNanos;
        return true;
    }

    /** How long until there is a token; 0 when there is one. */
    long waitNanos(long nowNanos) {
        return Math.max(0, fullAt - nowNanos - (capacity - 1) * intervalNanos);
    }

    /** The other side asked for a rest: no token before the pause is over. */
    void pause(long nowNanos, long pauseNanos) {
        fullAt = Math.max(fullAt, nowNanos + pauseNanos + (capacity - 1) * intervalNanos);
    }
}
