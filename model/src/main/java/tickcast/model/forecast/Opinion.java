package tickcast.model.forecast;

/** What a model has to say about one vector, if there is one. */
public sealed interface Opinion {

    /** No model has earned the right to speak. */
    record None() implements Opinion {}

    /**
     * @param version of the model
     * @param forecast its figures
     * @param stale whether the model is older than allowed
     * @param silenced whether its live skill is credibly below naive
     */
    record Given(String version, Forecaster.Forecast forecast, boolean stale, boolean silenced) implements Opinion {}

    /** Nobody speaks. */
    static Opinion none() {
        return new None();
    }
}
