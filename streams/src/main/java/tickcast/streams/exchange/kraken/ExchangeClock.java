package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import tickcast.model.market.Times;

/**
 * The exchange's clock: the local one plus the largest lead that any frame's timestamp had over its arrival during the last
 * one to two windows. The largest, because that frame travelled the quickest. Single-threaded.
 */
final class ExchangeClock {

    private static final long NONE = Long.MIN_VALUE;

    private final long windowMicros;
    private long offset;
    private long current = NONE;
    private long previous = NONE;
    private long windowEnd = NONE;

    ExchangeClock(Duration window) {
        this.windowMicros = window.toNanos() / 1000;
    }

    /** The exchange wrote {@code exchangeMicros} on something that arrived at {@code local}. */
    void sample(long exchangeMicros, Instant local) {
        long localMicros = Times.micros(local);
        if (localMicros >= windowEnd) {
            previous = localMicros >= windowEnd + windowMicros ? NONE : current;
            current = NONE;
            windowEnd = localMicros + windowMicros;
        }
        current = Math.max(current, exchangeMicros - localMicros);
        offset = Math.max(current, previous);
    }

    /** Whether anything was measured yet. */
    boolean isMeasured() {
        return windowEnd != NONE;
    }

    /** Epoch microseconds at the exchange. */
    long micros(Instant local) {
        return Times.micros(local) + offset;
    }
}
