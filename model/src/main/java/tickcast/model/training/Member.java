package tickcast.model.training;

/** What a model may be made of. Squared error showed no skill as the objective of a booster that forecasts prices. */
public enum Member {
    /** A booster with the pseudo-Huber loss. */
    PSEUDO_HUBER("huber.ubj", "reg:pseudohubererror"),
    /** A booster with absolute error. */
    ABSOLUTE("absolute.ubj", "reg:absoluteerror"),
    /** A ridge regression on standardised features. */
    RIDGE("", ""),
    /** A linear model and a booster that forecast realised volatility: they widen and narrow the intervals. */
    SCALE("scale.ubj", "reg:squarederror");

    private final String file;
    private final String objective;

    Member(String file, String objective) {
        this.file = file;
        this.objective = objective;
    }

    /** Name of the model file, empty for the ridge regression. */
    String file() {
        return file;
    }

    String objective() {
        return objective;
    }

    /** Whether it forecasts the price. */
    boolean forecastsPrice() {
        return this != SCALE;
    }
}
