package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tickcast.model.market.Candle;
import tickcast.model.market.Watermark;

/**
 * Lets minutes pass in order: when the watermark is beyond their end and nobody doubts them, or when they have been held
 * back for long enough. Single-threaded.
 */
final class MinuteGate {

    private final Watermark watermark;
    private final Duration grace;
    private final Duration holdAtMost;
    private Instant passed;
    private Instant due;

    /** @param start on a minute; the first one to pass begins here */
    MinuteGate(Instant start, Duration grace, Duration holdAtMost) {
        this.watermark = new Watermark(grace, start);
        this.grace = grace;
        this.holdAtMost = holdAtMost;
        this.passed = start;
        this.due = start;
    }

    /** The exchange's time is at least this. */
    void advance(Instant exchangeTime) {
        List<Instant> ends = watermark.advance(exchangeTime);
        if (!ends.isEmpty()) {
            due = ends.get(ends.size() - 1);
        }
    }

    /**
     * The close time of the next minute that may pass now, if there is one. It has passed then.
     *
     * @param exchangeNow the exchange's clock as well as it is known; it alone moves a minute that nothing else moved
     * @param inDoubt whether trades of the minute with this close time may be missing
     */
    Optional<Instant> next(Instant exchangeNow, Predicate<Instant> inDoubt) {
        Instant waitedLongEnough = exchangeNow.minus(holdAtMost);
        Instant close = passed.plus(Candle.INTERVAL);
        boolean overdue = !close.isAfter(waitedLongEnough);
        if (overdue) {
            advance(close.plus(grace));
        }
        if (close.isAfter(due) || (!overdue && inDoubt.test(close))) {
            return Optional.empty();
        }
        passed = close;
        return Optional.of(close);
    }

    /** Close time of the newest minute that passed, or the start. */
    Instant passed() {
        return passed;
    }
}
