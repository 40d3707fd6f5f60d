package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import tickcast.model.market.Times;
import tickcast.model.market.Watermark;

/**
 * Lets minutes pass in order: when the watermark is beyond their end and nobody doubts them, or when they have been held
 * back for long enough. Times are epoch microseconds at the exchange. Asked for every frame, so the usual answer, that no
 * minute is over, costs two comparisons. Single-threaded.
 */
final class MinuteGate {

    private final Watermark watermark;
    private final long graceMicros;
    private final long holdMicros;
    private long passedMicros;
    private long dueMicros;

    /** @param start on a minute; the first one to pass begins here */
    MinuteGate(Instant start, Duration grace, Duration holdAtMost) {
        this.watermark = new Watermark(grace, start);
        this.graceMicros = grace.toNanos() / 1000;
        this.holdMicros = holdAtMost.toNanos() / 1000;
        this.passedMicros = Times.micros(start);
        this.dueMicros = passedMicros;
    }

    /** The exchange's time is at least this. */
    void advance(long exchangeMicros) {
        if (exchangeMicros < dueMicros + ExchangeTime.MINUTE + graceMicros) {
            return;
        }
        List<Instant> ends = watermark.advance(Times.ofMicros(exchangeMicros));
        if (!ends.isEmpty()) {
            dueMicros = Times.micros(ends.get(ends.size() - 1));
        }
    }

    /**
     * The close time of the next minute that may pass now, if there is one. It has passed then.
     *
     * @param exchangeMicros the exchange's clock as well as it is known; it alone moves a minute that nothing else moved
     * @param inDoubt whether trades of the minute with this open time may be missing
     */
    Optional<Instant> next(long exchangeMicros, LongPredicate inDoubt) {
        long close = passedMicros + ExchangeTime.MINUTE;
        boolean overdue = close <= exchangeMicros - holdMicros;
        if (overdue) {
            advance(close + graceMicros);
        }
        if (close > dueMicros || (!overdue && inDoubt.test(passedMicros))) {
            return Optional.empty();
        }
        passedMicros = close;
        return Optional.of(Times.ofMicros(close));
    }

    /** Close time of the newest minute that passed, or the start. */
    long passedMicros() {
        return passedMicros;
    }
}
