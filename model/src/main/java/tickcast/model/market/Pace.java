package tickcast.model.market;

/** Which clock a market runs on when a minute closes. */
public enum Pace {
    /** Wall time: live. */
    CLOCK,
    /** Event time: replay, catch-up and drills. */
    EVENT
}
