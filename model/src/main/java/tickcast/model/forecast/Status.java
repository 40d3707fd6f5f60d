package tickcast.model.forecast;

/** Who made a prediction's figures. */
public enum Status {
    /** A model. */
    LIVE,
    /** The naive forecast, for a {@link Reason}. */
    FALLBACK,
    /** Nobody: there are no figures, for a {@link Reason}. */
    ABSTAINED
}
