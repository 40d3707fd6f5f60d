package tickcast.actors;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import tickcast.model.market.Pace;

/**
 * The market's clock: wall time when live, event time in replay and catch-up.
 *
 * @param wall this node's clock
 * @param grace how long after a minute's end its trades are waited for: on event time, that much after the end is "now"
 */
public record MarketClock(InstantSource wall, Duration grace) {

    /** What the market's clock shows while the minute that ended at {@code closeTime} is being closed. */
    public Instant at(Pace pace, Instant closeTime) {
        return pace == Pace.CLOCK ? wall.instant() : closeTime.plus(grace);
    }
}
