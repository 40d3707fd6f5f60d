package tickcast.model.forecast;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import tickcast.model.market.Candle;

/**
 * Keeps what is said about one symbol's uncertainty honest: widths of intervals, and how sure directions are. Half width =
 * θ · the half width that the forecast asks for, in log price; each θ is led by the misses of matured predictions. A model
 * asks for what held on its held-out days, so its θs begin at 1; naive forecasts have θs of their own, which learn from
 * every prediction, whoever made it, and so are ready when a model falls silent. Single-threaded; a pure fold over
 * (predictions, candles), so that it can be rebuilt.
 *
 * <p>ln θ += step · (miss − α) with α = 1 − coverage, miss = 1 when the target price lay outside, else 0. The step is
 * small, because a large one fakes perfect coverage with intervals worse than naive ones; for naive forecasts, which begin
 * with a guess, it falls to that from a larger one over the first thousand labels or so. Online quantile tracking after
 * Gibbs and Candès, "Adaptive conformal inference under distribution shift" (2021), here on the logarithm of the width.
 *
 * <p>Log odds of a rise are multiplied by κ, which begins at 1 and follows the gradient of the log score so slowly that it
 * takes some weeks of a miscalibrated model to move it.
 *
 * <p>In a dead market volatility falls to nothing, and the first trade would surprise every interval. So none is narrower
 * than a tenth of the usual volatility, the mean of a week or so of predictions, would make it.
 *
 * <p>The state is {@code [θ₁ … θₖ of naive, labels learned, θ₁ … θₖ of models, labels learned, κ, usual volatility]}.
 */
public final class IntervalCalibrator {

    private static final double STEP = 0.004;
    private static final double KAPPA_RATE = 0.0125;
    private static final double SMALLEST_KAPPA = 0.25;
    private static final double LARGEST_KAPPA = 2;
    /** Labels of a week: so many the usual volatility remembers. */
    private static final double MINUTES_PER_WEEK = 10_080;

    private static final double LEAST_OF_USUAL = 0.1;
    private static final double LEAST_PROBABILITY = 0.01;
    private static final double FIRST_STEP = 0.017;
    private static final double LABELS_TO_SLOW_DOWN = 300;
    private static final double SMALLEST = 0.1;
    private static final double LARGEST = 20;
    /** A model's θ is relative to what held on its held-out days. */
    private static final double SMALLEST_OF_MODEL = 0.2;

    private static final double LARGEST_OF_MODEL = 5;
    /** Each interval is at least this much wider than the one within. */
    private static final double WIDER = 1.01;
    /** Half of one part in a million, in log price. */
    private static final double LEAST_HALF_WIDTH = 5.001e-7;

    private static final double MOST_HALF_WIDTH = 3;

    private final int horizonMinutes;
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
        this.horizonMinutes = horizonMinutes;
        this.coverages = List.copyOf(coverages);
        this.mostRemembered = horizonMinutes + 3;
        this.state = initialState(this.coverages);
    }

    /** The state before the first label: for naive forecasts widths that fat tails usually need, for models 1. */
    public static double[] initialState(List<Double> coverages) {
        int count = coverages.size();
        double[] state = new double[2 * count + 4];
        Arrays.fill(state, 1);
        for (int i = 0; i < count; i++) {
            state[i] = Tails.USUAL.halfWidth(coverages.get(i));
        }
        state[count] = 0;
        state[2 * count + 1] = 0;
        state[2 * count + 3] = 0;
        return state;
    }

    /**
     * Goes on from the {@link Prediction#calibration} of the newest stored prediction. A state that belongs to another
     * number of coverages (the configuration changed), or holds no widths, is not taken: the calibrator begins anew. One
     * that an earlier version stored, of naive widths only, is completed.
     */
    public void restore(double[] stored) {
        state = complete(stored, coverages);
    }

    private static double[] complete(double[] stored, List<Double> coverages) {
        double[] whole = initialState(coverages);
        boolean isWhole = stored.length == whole.length;
        if (!isWhole && stored.length != coverages.size() + 1) {
            return whole;
        }
        for (double value : stored) {
            if (!Double.isFinite(value) || value < 0) {
                return whole;
            }
        }
        System.arraycopy(stored, 0, whole, 0, stored.length);
        return whole;
    }

    /** As {@link #restore(double[])}, but anew when the prediction's intervals are of other coverages. */
    public void restore(Prediction newest) {
        restore(newest.intervals().isEmpty() || isOfTheseCoverages(newest) ? newest.calibration() : new double[0]);
    }

    private boolean isOfTheseCoverages(Prediction prediction) {
        return prediction.intervals().stream().map(Interval::coverage).toList().equals(coverages);
    }

    /** Remembers what was published; predictions without volatility, or of other coverages, are ignored. */
    public void remember(Prediction prediction) {
        if (!(prediction.volatility() > 0) || !isOfTheseCoverages(prediction)) {
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
            adapt(prediction.get(), target.close());
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

    private void adapt(Prediction prediction, double price) {
        int count = coverages.size();
        double[] said = complete(prediction.calibration(), coverages);
        double[] next = state.clone();
        double extra = FIRST_STEP * StrictMath.exp(-state[count] / LABELS_TO_SLOW_DOWN);
        follow(
                next,
                0,
                extra,
                naive(said, coverages, prediction.lastPrice(), prediction.volatility(), horizonMinutes),
                price);
        double least = SMALLEST;
        for (int i = 0; i < count; i++) {
            next[i] = Math.max(least, Math.min(LARGEST, next[i]));
            least = next[i] * WIDER;
        }
        double weight = Math.max(1 / (state[count] + 1), 1 / MINUTES_PER_WEEK);
        next[2 * count + 3] += weight * (prediction.volatility() - state[2 * count + 3]);
        if (prediction.status() == Status.LIVE) {
            follow(next, count + 1, 0, prediction.intervals(), price);
            for (int i = count + 1; i <= 2 * count; i++) {
                next[i] = Math.max(SMALLEST_OF_MODEL, Math.min(LARGEST_OF_MODEL, next[i]));
            }
            next[2 * count + 2] = kappa(said[2 * count + 2], prediction, price);
        }
        state = next;
    }

    /** Moves the θs that begin at {@code from}, and counts the label. @param extra step in the beginning, times √α */
    private void follow(double[] next, int from, double extra, List<Interval> intervals, double price) {
        for (int i = 0; i < intervals.size(); i++) {
            double alpha = 1 - coverages.get(i);
            double miss = intervals.get(i).contains(price) ? 0 : 1;
            next[from + i] *= StrictMath.exp((STEP + extra / Math.sqrt(alpha)) * (miss - alpha));
        }
        next[from + intervals.size()]++;
    }

    /** @param then κ that the prediction was made with */
    private double kappa(double then, Prediction prediction, double price) {
        double probability = prediction.probabilityUp();
        double came = price > prediction.lastPrice() ? 1 : price < prediction.lastPrice() ? 0 : 0.5;
        double moved = state[state.length - 2] + KAPPA_RATE * (came - probability) * logOdds(probability) / then;
        return Math.max(SMALLEST_KAPPA, Math.min(LARGEST_KAPPA, moved));
    }

    private static double logOdds(double probability) {
        return StrictMath.log(probability / (1 - probability));
    }

    /** θs and numbers of labels learned, of naive forecasts and of models, then κ and the usual volatility. */
    public double[] state() {
        return state.clone();
    }

    /** A model's probability of a rise as experience corrects it; never surer than 1 in 100. */
    static double probabilityUp(double[] state, List<Double> coverages, double said) {
        double[] whole = complete(state, coverages);
        double kappa = whole[whole.length - 2];
        double corrected = kappa == 1 ? said : 1 / (1 + StrictMath.exp(-kappa * logOdds(said)));
        return Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, corrected));
    }

    /** Intervals of the naive forecast: around the last price. Never crossing, never of zero width: at least one part in 1e6 of the price. */
    static List<Interval> naive(
            double[] state, List<Double> coverages, double lastPrice, double volatility, int horizonMinutes) {
        double[] whole = complete(state, coverages);
        double step = step(whole, volatility, horizonMinutes);
        return intervals(coverages, lastPrice, i -> whole[i] * step);
    }

    /** Intervals around a model's forecast; never crossing, never of zero width, likewise. */
    static List<Interval> model(
            double[] state,
            List<Double> coverages,
            double lastPrice,
            Forecaster.Forecast forecast,
            double volatility,
            int horizonMinutes) {
        double[] whole = complete(state, coverages);
        double step = forecast.scale() * step(whole, volatility, horizonMinutes);
        return intervals(
                coverages,
                lastPrice * StrictMath.exp(forecast.expectedLogReturn()),
                i -> whole[coverages.size() + 1 + i] * forecast.tails().halfWidth(coverages.get(i)) * step);
    }

    private static double step(double[] whole, double volatility, int horizonMinutes) {
        double least = LEAST_OF_USUAL * whole[whole.length - 1];
        return (volatility > least ? volatility : least) * Math.sqrt(horizonMinutes);
    }

    private static List<Interval> intervals(List<Double> coverages, double centre, IntToDoubleFunction halfWidth) {
        double within = 0;
        List<Interval> intervals = new ArrayList<>(coverages.size());
        for (int i = 0; i < coverages.size(); i++) {
            double half = Math.min(MOST_HALF_WIDTH, halfWidth.applyAsDouble(i));
            half = Math.max(half, WIDER * within + LEAST_HALF_WIDTH);
            within = half;
            intervals.add(
                    new Interval(coverages.get(i), centre * StrictMath.exp(-half), centre * StrictMath.exp(half)));
        }
        return List.copyOf(intervals);
    }
}
