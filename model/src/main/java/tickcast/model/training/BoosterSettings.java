package tickcast.model.training;

/**
 * How each booster grows (XGBoost's names in camel case; tree method {@code hist}).
 *
 * @param rounds trees, fixed: early stopping added nothing
 */
public record BoosterSettings(
        int rounds,
        double eta,
        int maxDepth,
        double minChildWeight,
        double subsample,
        double colsampleByTree,
        double lambda,
        int maxBin) {

    /** What held out of sample on one-minute crypto candles. */
    public static final BoosterSettings DEFAULT = new BoosterSettings(100, 0.03, 3, 200, 0.5, 0.5, 50, 64);

    /** For what a linear model of volatility leaves. */
    public static final BoosterSettings SCALE = new BoosterSettings(100, 0.05, 3, 200, 0.5, 0.5, 50, 64);
}
