package tickcast.model.archive;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/**
 * How long each kind of record is kept.
 *
 * @param predictions for which {@link #predictionsAndErrors} counts
 */
public record Retention(
        Duration candles, Duration features, Duration predictions, Duration errors, Duration sentiment) {

    /** How long predictions really stay: as long as their errors at least, which are not understood without them. */
    public Duration predictionsAndErrors() {
        return predictions.compareTo(errors) > 0 ? predictions : errors;
    }

    /** What is older than this goes; {@link Instant#MIN} when it is kept for longer than time goes back. */
    public static Instant before(Instant now, Duration kept) {
        try {
            return now.minus(kept);
        } catch (DateTimeException | ArithmeticException e) {
            return Instant.MIN;
        }
    }
}
