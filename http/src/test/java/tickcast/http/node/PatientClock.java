package tickcast.http.node;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock for a live market of the past. It hurries through the minutes, slows down before each minute's end, so that a
 * message's way over loopback is as short on it as a real one is on a real clock, and hurries again when that minute has its
 * answer. Stands still until told to go. Thread safe.
 */
final class PatientClock implements InstantSource {

    private static final double HURRYING = 3000;
    private static final double CAREFUL = 10;
    private static final double REAL = 1;
    private static final Duration CAREFUL_FROM = Duration.ofMillis(-500);
    private static final Duration CAREFUL_UNTIL = Duration.ofSeconds(10);

    private Instant now;
    private Instant awaited = Instant.MAX;
    private boolean going;
    private long readAtNanos = System.nanoTime();

    PatientClock(Instant start) {
        this.now = start;
    }

    /** @param nextClose end of the minute that is awaited first */
    synchronized void go(Instant nextClose) {
        instant();
        awaited = nextClose;
        going = true;
    }

    /** Everything about the minute that ended at {@code close} is known. */
    synchronized void answered(Instant close) {
        if (going && !close.isBefore(awaited)) {
            awaited = close.plus(Duration.ofMinutes(1));
        }
    }

    @Override
    public synchronized Instant instant() {
        long nanos = System.nanoTime();
        long elapsed = nanos - readAtNanos;
        readAtNanos = nanos;
        if (going) {
            advance(elapsed);
        }
        return now;
    }

    /** Never from one pace beyond the beginning of the next, however long nobody looked. */
    private void advance(long elapsedNanos) {
        Instant carefulFrom = awaited.plus(CAREFUL_FROM);
        Instant carefulUntil = awaited.plus(CAREFUL_UNTIL);
        if (now.isBefore(carefulFrom)) {
            now = earlier(now.plusNanos((long) (elapsedNanos * HURRYING)), carefulFrom);
        } else if (now.isBefore(carefulUntil)) {
            now = earlier(now.plusNanos((long) (elapsedNanos * CAREFUL)), carefulUntil);
        } else {
            now = now.plusNanos((long) (elapsedNanos * REAL));
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
