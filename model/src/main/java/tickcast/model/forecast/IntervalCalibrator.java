package tickcast.model.forecast;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Candle;

/**
 * Keeps one symbol's intervals honest: half width = θ(coverage) · σ · √horizon in log price, each θ led by the misses of
 * matured predictions. Single-threaded; a pure fold over (predictions, candles), so that it can be rebuilt.
 *
 * <p>ln θ += rate · (miss − α)/√α with α = 1 − coverage, miss = 1 when the target price lay outside, else 0. The rate
 * falls from 0.02 to 0.003 over the first thousand labels or so: slow, because a fast one fakes perfect coverage with
 * intervals worse than naive ones. Online quantile tracking after Gibbs and Candès, "Adaptive conformal inference under
 * distribution shift" (2021), here on the logarithm of the width.
 *
 * <p>The state is {@code [θ₁ … θₖ, labels learned]}.
 */
public final class IntervalCalibrator {

    private static final double FINAL_RATE = 0.003;
    private static final double EXTRA_RATE = 0.017;
    private static final double LABELS_TO_SLOW_DOWN = 300;
    private static final double SMALLEST = 0.1;
    private static final double LARGEST = 20;
    /** Each interval is at least this much wider than the one within. */
    private static final double STEP = 1.01;
    /** Half of one part in a million, in log price. */
    private static final double LEAST_HALF_WIDTH = 5.001e-7;

    private static final double MOST_HALF_WIDTH = 3;

    private final List<Double> coverages;
    private final int mostRemembered;
    private final Deque<Prediction> remembered = new ArrayDeque<>();
    private double[] state;

    /** @param horizonMinutes of the forecasts @param coverages rising, e.g. 0.8, 0.95 */
    public IntervalCalibrator(int horizonMinutes, List<Double> coverages) {
        if (horizonMinutes < 1) {
            throw new IllegalArgumentException("horizon must be at least a minute, was " + horizonMinutes);
        }
        double previous = 0;
        for (double coverage : coverages) {
            if (!(coverage > previous && coverage < 1)) {
                throw new IllegalArgumentException("coverages must rise between 0 and 1, were " + coverages);
            }
            previous = coverage;
        }
        this.coverages = List.copyOf(coverages);
        this.mostRemembered = horizonMinutes + 3;
        this.state = initialState(this.coverages);
    }

    /** The state before the first label: widths that fat tails usually need. */
    public static double[] initialState(List<Double> coverages) {
        double[] state = new double[coverages.size() + 1];
        for (int i = 0; i < coverages.size(); i++) {
            state[i] = FatTails.halfWidth(coverages.get(i));
        }
        return state;
    }

    /**
     * Goes on from the {@link Prediction#calibration} of the newest stored prediction. A state that belongs to another
     * number of coverages (the configuration changed), or holds no widths, is not taken: the calibrator begins anew.
     */
    public void restore(double[] stored) {
        state = isState(stored) ? stored.clone() : initialState(coverages);
    }

    private boolean isState(double[] stored) {
        if (stored.length != coverages.size() + 1) {
            return false;
        }
        for (double value : stored) {
            if (!Double.isFinite(value) || value < 0) {
                return false;
            }
        }
        return true;
    }

    /** Remembers what was published; predictions without volatility are ignored. */
    public void remember(Prediction prediction) {
        if (!(prediction.volatility() > 0) || prediction.intervals().size() != coverages.size()) {
            return;
        }
        remembered.removeIf(known -> known.targetTime().equals(prediction.targetTime()));
        remembered.addLast(prediction);
        while (remembered.size() > mostRemembered) {
            remembered.removeFirst();
        }
    }

    /**
     * Learns from the candle that closes at a remembered prediction's target. Called one minute after that close (law
     * 11), with the revision then current; PARTIAL candles teach nothing. Each prediction teaches once.
     */
    public void learn(Candle target) {
        Optional<Prediction> prediction = take(target.closeTime());
        if (prediction.isPresent() && target.quality().isWhole()) {
            adapt(prediction.get().intervals(), target.close());
        }
    }

    private Optional<Prediction> take(Instant targetTime) {
        for (Iterator<Prediction> each = remembered.iterator(); each.hasNext(); ) {
            Prediction prediction = each.next();
            if (prediction.targetTime().equals(targetTime)) {
                each.remove();
                return Optional.of(prediction);
            }
        }
        return Optional.empty();
    }

    private void adapt(List<Interval> intervals, double price) {
        int labels = coverages.size();
        double rate = FINAL_RATE + EXTRA_RATE * StrictMath.exp(-state[labels] / LABELS_TO_SLOW_DOWN);
        double[] next = state.clone();
        for (int i = 0; i < coverages.size(); i++) {
            double alpha = 1 - coverages.get(i);
            double miss = intervals.get(i).contains(price) ? 0 : 1;
            next[i] = state[i] * StrictMath.exp(rate * (miss - alpha) / Math.sqrt(alpha));
        }
        next[labels] = state[labels] + 1;
        bound(next);
        state = next;
    }

    private void bound(double[] widths) {
        double least = SMALLEST;
        for (int i = 0; i < coverages.size(); i++) {
            widths[i] = Math.max(least, Math.min(LARGEST, widths[i]));
            least = widths[i] * STEP;
        }
    }

    /** θ by coverage, then the number of labels learned. */
    public double[] state() {
        return state.clone();
    }

    /** Intervals around {@code lastPrice·exp(expectedLogReturn)}, never crossing, never of zero width: at least one part in 1e6 of the price. */
    public static List<Interval> intervals(
            double[] state,
            List<Double> coverages,
            double lastPrice,
            double expectedLogReturn,
            double volatility,
            int horizonMinutes) {
        double centre = lastPrice * StrictMath.exp(expectedLogReturn);
        double step = volatility > 0 ? volatility * Math.sqrt(horizonMinutes) : 0;
        double within = 0;
        List<Interval> intervals = new ArrayList<>(coverages.size());
        for (int i = 0; i < coverages.size(); i++) {
            double half = Math.min(MOST_HALF_WIDTH, state[i] * step);
            half = Math.max(half, within + LEAST_HALF_WIDTH);
            within = half;
            intervals.add(
                    new Interval(coverages.get(i), centre * StrictMath.exp(-half), centre * StrictMath.exp(half)));
        }
        return List.copyOf(intervals);
    }
}
