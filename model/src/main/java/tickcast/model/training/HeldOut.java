package tickcast.model.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import tickcast.model.evaluation.BlockBootstrap;
import tickcast.model.forecast.Tails;
import tickcast.model.market.Symbol;

/**
 * What an ensemble is worth on rows that it never saw. Errors are divided by σ√horizon, so that symbols pool. Blocks of
 * the bootstrap are an hour of all symbols together.
 */
final class HeldOut {

    private static final int BLOCK_MINUTES = 60;
    private static final int LEAST_ROWS_FOR_SLOPE = 200;
    /** Cautious: about what a normal distribution gives for a halved forecast. */
    private static final double FALLBACK_SLOPE = 0.8;

    private static final double STEEPEST = 4;
    /** Two thirds of a day; under that the pooled widths are the better guess. */
    private static final int LEAST_ROWS_FOR_TAILS = 1000;

    private static final double[] COVERAGES = {0, 0.5, 0.8, 0.9, 0.95, 0.99};
    /** Where prices never moved, widths still differ. */
    private static final double LEAST_STEP = 1e-6;

    private final TrainingSet test;
    private final double[] z;
    private final double[] scale;
    private final double shrink;

    /**
     * @param z forecasts of the rows of {@code test}, not shrunk
     * @param scale forecasts of the realised volatility, in expected ones
     */
    HeldOut(TrainingSet test, double[] z, double[] scale, double shrink) {
        this.test = test;
        this.z = z;
        this.scale = scale;
        this.shrink = shrink;
    }

    Calibration calibration() {
        Map<String, Tails> bySymbol = new TreeMap<>();
        for (Symbol symbol : test.symbols()) {
            double[] own = misses(row -> test.symbol(row).equals(symbol));
            if (own.length >= LEAST_ROWS_FOR_TAILS) {
                bySymbol.put(symbol.name(), tails(own));
            }
        }
        double[] all = misses(row -> true);
        return new Calibration(upSlope(), all.length >= LEAST_ROWS_FOR_SLOPE ? tails(all) : Tails.USUAL, bySymbol);
    }

    /** Absolute errors in expected moves, sorted. */
    private double[] misses(IntPredicate rows) {
        return IntStream.range(0, z.length)
                .filter(rows)
                .mapToDouble(row -> Math.abs(test.z(row) - shrink * scale[row] * z[row]) / scale[row])
                .sorted()
                .toArray();
    }

    private static Tails tails(double[] sorted) {
        double[] halfWidths = new double[COVERAGES.length];
        for (int i = 1; i < COVERAGES.length; i++) {
            double place = COVERAGES[i] * (sorted.length - 1);
            int below = (int) place;
            halfWidths[i] =
                    sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
            halfWidths[i] = Math.max(halfWidths[i], halfWidths[i - 1] + LEAST_STEP);
        }
        return new Tails(COVERAGES, halfWidths);
    }

    /** Figures for the model card. */
    Map<String, Double> metrics() {
        BlockBootstrap bootstrap = new BlockBootstrap(Math.max(BLOCK_MINUTES, 2 * test.horizonMinutes()));
        double errors = 0;
        double naiveErrors = 0;
        int moved = 0;
        int right = 0;
        for (int i = 0; i < z.length; i++) {
            double actual = test.z(i);
            double error = Math.abs(actual - shrink * scale[i] * z[i]);
            bootstrap.add(test.epochMinute(i), error, Math.abs(actual));
            errors += error;
            naiveErrors += Math.abs(actual);
            if (actual != 0 && z[i] != 0) {
                moved++;
                right += actual > 0 == z[i] > 0 ? 1 : 0;
            }
        }
        BlockBootstrap.Skill skill = bootstrap.skill();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("rows", (double) z.length);
        metrics.put("mae", errors / z.length);
        metrics.put("naiveMae", naiveErrors / z.length);
        metrics.put("skill", skill.value());
        metrics.put("skillLow", skill.low());
        metrics.put("skillHigh", skill.high());
        metrics.put("directionAccuracy", moved == 0 ? Double.NaN : (double) right / moved);
        return metrics;
    }

    /**
     * How surely a forecast tells the direction: the slope k of P(up) = 1/(1 + e^(−k·z)), by maximum likelihood over the
     * rows whose price moved (Newton's method). A small slope when there is too little to tell or the forecasts point
     * the wrong way.
     */
    double upSlope() {
        double slope = 0;
        int rows = 0;
        for (int iteration = 0; iteration < 25; iteration++) {
            double gradient = 0;
            double curvature = 0;
            rows = 0;
            for (int i = 0; i < z.length; i++) {
                if (test.label(i) != 0) {
                    double probability = 1 / (1 + StrictMath.exp(-slope * z[i]));
                    gradient += ((test.label(i) > 0 ? 1 : 0) - probability) * z[i];
                    curvature += probability * (1 - probability) * z[i] * z[i];
                    rows++;
                }
            }
            if (!(curvature > 0)) {
                return FALLBACK_SLOPE;
            }
            double step = gradient / curvature;
            slope = Math.max(-STEEPEST, Math.min(STEEPEST, slope + step));
            if (Math.abs(step) < 1e-9) {
                break;
            }
        }
        return rows >= LEAST_ROWS_FOR_SLOPE && slope > 0 ? slope : FALLBACK_SLOPE;
    }
}
