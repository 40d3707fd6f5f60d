package tickcast.model.forecast;

import java.util.List;
import tickcast.model.market.Candle;

/**
 * Keeps one symbol's intervals honest: half width = θ(coverage) · σ · √horizon in log price, each θ led by the misses of
 * matured predictions. Single-threaded; a pure fold over (predictions, candles), so that it can be rebuilt.
 */
public final class IntervalCalibrator {

    /** @param horizonMinutes of the forecasts @param coverages rising, e.g. 0.8, 0.95 */
    public IntervalCalibrator(int horizonMinutes, List<Double> coverages) {}

    /** Goes on from the {@link Prediction#calibration} of the newest stored prediction. */
    public void restore(double[] state) {
        throw new UnsupportedOperationException();
    }

    /** Remembers what was published; predictions without volatility are ignored. */
    public void remember(Prediction prediction) {
        throw new UnsupportedOperationException();
    }

    /** Learns from the candle that closes at a remembered prediction's target. Called one minute after that close (law 11), with the revision then current; PARTIAL candles teach nothing. */
    public void learn(Candle target) {
        throw new UnsupportedOperationException();
    }

    /** θ by coverage. */
    public double[] state() {
        throw new UnsupportedOperationException();
    }

    /** Intervals around {@code lastPrice·exp(expectedLogReturn)}, never crossing, never of zero width: at least one part in 1e6 of the price. */
    public static List<Interval> intervals(
            double[] state,
            List<Double> coverages,
            double lastPrice,
            double expectedLogReturn,
            double volatility,
            int horizonMinutes) {
        throw new UnsupportedOperationException();
    }
}
