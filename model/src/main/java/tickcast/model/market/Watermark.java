package tickcast.model.market;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One feed's event time: the highest exchange time seen over all symbols, minus the grace. Single-threaded. */
public final class Watermark {

    /** @param grace how long after a minute's end trades of that minute are waited for @param start minutes that end at or before this instant are never reported */
    public Watermark(Duration grace, Instant start) {}

    /** Moves on to an exchange time (trade or exchange clock). Returns the close times of the minutes that are over now, oldest first; never the same one twice. */
    public List<Instant> advance(Instant exchangeTime) {
        throw new UnsupportedOperationException();
    }

    /** Highest exchange time seen minus the grace, or the start. */
    public Instant value() {
        throw new UnsupportedOperationException();
    }
}
