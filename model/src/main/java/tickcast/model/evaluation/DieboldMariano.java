package tickcast.model.evaluation;

import java.util.Arrays;

/**
 * Whether two forecasts differ in loss: Diebold and Mariano (1995), with the variance of Newey and West (1987) over twice
 * the horizon, because forecasts of neighbouring minutes overlap. Losses of one minute (several symbols) count together.
 */
public final class DieboldMariano {

    private final int lags;
    private double[] differences = new double[256];
    private int count;
    private long minute = Long.MIN_VALUE;

    public DieboldMariano(int horizonMinutes) {
        this.lags = 2 * horizonMinutes;
    }

    /** Adds the losses of one forecast and of its rival; minutes must not fall. */
    public void add(long epochMinute, double loss, double rivalLoss) {
        if (epochMinute < minute) {
            throw new IllegalArgumentException("minutes must not fall");
        }
        if (epochMinute > minute) {
            minute = epochMinute;
            if (count == differences.length) {
                differences = Arrays.copyOf(differences, 2 * count);
            }
            differences[count++] = 0;
        }
        differences[count - 1] += rivalLoss - loss;
    }

    /** Mean difference over its standard error; positive when the forecast is the better one; NaN when it can't be told. */
    public double statistic() {
        double mean = 0;
        for (int i = 0; i < count; i++) {
            mean += differences[i] / count;
        }
        double variance = covariance(mean, 0);
        for (int lag = 1; lag <= Math.min(lags, count - 1); lag++) {
            variance += 2 * (1 - lag / (lags + 1.0)) * covariance(mean, lag);
        }
        return variance > 0 ? mean / Math.sqrt(variance / count) : Double.NaN;
    }

    private double covariance(double mean, int lag) {
        double sum = 0;
        for (int i = lag; i < count; i++) {
            sum += (differences[i] - mean) * (differences[i - lag] - mean);
        }
        return sum / count;
    }

    /** Two-sided p-value of "both are equally good". */
    public double pValue() {
        double statistic = statistic();
        return Double.isNaN(statistic) ? Double.NaN : complementaryError(Math.abs(statistic) / Math.sqrt(2));
    }

    /** 2/√π ∫ₓ^∞ e^(−t²) dt for x ≥ 0, relative error below 1.2e-7. Press et al., Numerical Recipes, erfcc. */
    static double complementaryError(double x) {
        double t = 1 / (1 + 0.5 * x);
        double[] series = {
            0.17087277,
            -0.82215223,
            1.48851587,
            -1.13520398,
            0.27886807,
            -0.18628806,
            0.09678418,
            0.37409196,
            1.00002368,
            -1.26551223
        };
        double polynomial = 0;
        for (double coefficient : series) {
            polynomial = polynomial * t + coefficient;
        }
        return t * Math.exp(-x * x + polynomial);
    }
}
