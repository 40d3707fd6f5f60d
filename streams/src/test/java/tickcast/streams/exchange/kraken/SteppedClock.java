package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that the {@link KrakenServer} moves on as it plays, slowly while nobody listens: so a drill takes the same course on
 * a busy machine. Thread safe.
 */
public final class SteppedClock implements InstantSource {

    private static final int SLOWNESS = 4;

    private final Duration step;
    private volatile Instant now;

    /** @param step how far one beat of the server moves it while somebody listens */
    public SteppedClock(Instant start, Duration step) {
        this.now = start;
        this.step = step;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void step(boolean somebodyListens) {
        now = now.plus(somebodyListens ? step : step.dividedBy(SLOWNESS));
    }
}
