package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full-jitter exponential backoff: the n-th pause is uniform in (0, min(max, min · 2ⁿ)]. Brooker, "Exponential Backoff And
 * Jitter" (AWS Architecture Blog, 2015). Single-threaded.
 */
final class Backoff {

    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minMillis = Math.max(1, min.toMillis());
        this.maxMillis = Math.max(minMillis, max.toMillis());
        this.random = random;
    }

    /** The pause after one more failure. */
    Duration next() {
        return pause(failures++, minMillis, maxMillis, random);
    }

    /** Something worked: the next pause is a short one again. */
    void reset() {
        failures = 0;
    }

    /** The pause after so many earlier failures. */
    static Duration pause(int failures, Duration min, Duration max, RandomGenerator random) {
        return pause(failures, Math.max(1, min.toMillis()), Math.max(1, max.toMillis()), random);
    }

    private static Duration pause(int failures, long minMillis, long maxMillis, RandomGenerator random) {
        long ceiling = Math.min(maxMillis, minMillis << Math.min(failures, 20));
        return Duration.ofMillis(1 + random.nextLong(ceiling));
    }
}
