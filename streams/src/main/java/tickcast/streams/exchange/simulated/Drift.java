package tickcast.streams.exchange.simulated;

/**
 * The hidden drift that makes the simulated market a little predictable: an AR(1) of variance 1 with one step a minute.
 * In a minute of volatility σ with drift x the log return is {@code STRENGTH · σ · x} + noise, and takers buy with
 * probability {@code ½ + FLOW · x}, about, so that flow and returns betray it.
 */
final class Drift {

    static final double HALF_LIFE_MINUTES = 7;
    /** Weight of one step. */
    static final double PERSISTENCE = StrictMath.pow(0.5, 1 / HALF_LIFE_MINUTES);
    /** Standard deviation of a step. */
    static final double STEP = Math.sqrt(1 - PERSISTENCE * PERSISTENCE);
    /** Expected return in units of volatility for drift 1. */
    static final double STRENGTH = 0.13;
    /** How much likelier a taker buys for drift 1. */
    static final double FLOW = 0.14;
    /** How much likelier a taker buys when the minute's price rises by its volatility. */
    static final double CHASE = 0.05;

    private Drift() {}

    /** Expected sum of the drifts of the next {@code minutes} per unit of the present one. */
    static double reach(int minutes) {
        double sum = 0;
        double weight = 1;
        for (int i = 0; i < minutes; i++) {
            weight *= PERSISTENCE;
            sum += weight;
        }
        return sum;
    }

    /** What knowing the drift is worth over {@code minutes}. */
    static SignalStrength strength(int minutes) {
        double signal = STRENGTH * STRENGTH * reach(minutes) * reach(minutes);
        double sums = minutes;
        for (int lag = 1; lag < minutes; lag++) {
            sums += 2 * (minutes - lag) * StrictMath.pow(PERSISTENCE, lag);
        }
        double explained = signal / (minutes + STRENGTH * STRENGTH * sums);
        double correlation = Math.sqrt(explained);
        return new SignalStrength(
                HALF_LIFE_MINUTES,
                explained,
                0.5 + StrictMath.asin(correlation) / Math.PI,
                1 - Math.sqrt(1 - explained));
    }
}
