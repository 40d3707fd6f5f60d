package tickcast.model.training;

import java.util.LinkedHashMap;
import java.util.Map;
import tickcast.model.evaluation.BlockBootstrap;

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

    private final TrainingSet test;
    private final double[] z;
    private final double shrink;

    /** @param z forecasts of the rows of {@code test}, not shrunk */
    HeldOut(TrainingSet test, double[] z, double shrink) {
        this.test = test;
        this.z = z;
        this.shrink = shrink;
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
            double error = Math.abs(actual - shrink * z[i]);
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
