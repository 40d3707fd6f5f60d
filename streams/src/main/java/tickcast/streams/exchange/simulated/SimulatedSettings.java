package tickcast.streams.exchange.simulated;

import java.time.Duration;

/**
 * How the simulated market is made and played.
 *
 * @param seed picks one of many markets
 * @param history how much candle history is handed to the archive before the feed begins
 * @param catchUp how long before now the feed begins
 * @param hold how long before now the catch-up waits for the first model
 * @param patience how long it waits there at most, wall time
 * @param tick how often trades that are due are sent on, wall time
 * @param grace how long after a minute's end it counts as over, wall time
 * @param activity multiplies the number of trades; 1 = some dozens a minute for the busiest symbol
 */
public record SimulatedSettings(
        long seed,
        Duration history,
        Duration catchUp,
        Duration hold,
        Duration patience,
        Duration tick,
        Duration grace,
        double activity) {

    /** The market that is meant when nobody names a seed. */
    public static final long DEFAULT_SEED = 20_260_101L;

    public SimulatedSettings {
        requireNotNegative("history", history);
        requireNotNegative("catch-up", catchUp);
        requireNotNegative("hold", hold);
        requireNotNegative("patience", patience);
        requireNotNegative("grace", grace);
        if (tick.isNegative() || tick.isZero()) {
            throw new IllegalArgumentException("tick must be positive, was " + tick);
        }
        if (!(activity > 0 && activity <= 1000)) {
            throw new IllegalArgumentException("activity must lie in (0, 1000], was " + activity);
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, was " + value);
        }
    }

    /** 30 days of history, a catch-up of 6 hours, held 3 hours before now for at most 90 s: a slow machine trains that long. */
    public static SimulatedSettings defaults() {
        return new SimulatedSettings(
                DEFAULT_SEED,
                Duration.ofDays(30),
                Duration.ofHours(6),
                Duration.ofHours(3),
                Duration.ofSeconds(90),
                Duration.ofMillis(200),
                Duration.ofMillis(500),
                1);
    }

    /** The same with another seed. */
    public SimulatedSettings withSeed(long newSeed) {
        return new SimulatedSettings(newSeed, history, catchUp, hold, patience, tick, grace, activity);
    }

    /** The same with another number of trades. */
    public SimulatedSettings withActivity(double newActivity) {
        return new SimulatedSettings(seed, history, catchUp, hold, patience, tick, grace, newActivity);
    }
}
