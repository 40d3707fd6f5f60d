package tickcast.streams.exchange;

import java.time.Duration;

/**
 * How patient {@link Ingest} is.
 *
 * @param tradesTimeout how long a market may take to take trades before it is asked again
 * @param closeTimeout how long a market may take to close a minute: its candle, prediction and errors stored
 * @param attempts how often a market is asked before it is left out, or, when all fail, the feed starts again
 * @param retryDelay before the second attempt; doubles with each
 * @param restartDelay before the feed starts again; doubles with each failure
 * @param longestRestartDelay where doubling ends
 * @param stuckPause how long a market that fails is left out, the first time; doubles with each
 * @param longestStuckPause where doubling ends
 */
public record IngestSettings(
        Duration tradesTimeout,
        Duration closeTimeout,
        int attempts,
        Duration retryDelay,
        Duration restartDelay,
        Duration longestRestartDelay,
        Duration stuckPause,
        Duration longestStuckPause) {

    public IngestSettings {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
    }

    /** 5 s for trades, 15 s for a minute, 5 attempts. */
    public static IngestSettings defaults() {
        return new IngestSettings(
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                5,
                Duration.ofMillis(200),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(15),
                Duration.ofMinutes(10));
    }
}
