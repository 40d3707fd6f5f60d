package tickcast.model.forecast;

/** Why a prediction is not {@link Status#LIVE}, in the order in which reasons are looked at. */
public enum Reason {
    /** The exchange's feed is silent: the last minute was not seen. */
    FEED_SILENT,
    /** One of the last 60 minutes has trades missing. */
    GAP,
    /** Would be later than as-of + 30 s on the market's clock. */
    LATE,
    /** Less than an hour is known (abstains), or features are not warm yet (falls back). */
    WARMING,
    /** No model has earned the right to speak. */
    NO_MODEL,
    /** The model is older than allowed. */
    STALE_MODEL,
    /** The features lie far outside what the model was trained on. */
    OUT_OF_RANGE,
    /** The model's live skill is credibly below naive. */
    WORSE_THAN_NAIVE
}
