package tickcast.model.market;

/** How much of a candle's minute was seen. */
public enum Quality {
    /** Every trade was seen as it happened. */
    COMPLETE,
    /** Some or all trades were filled in from history; nothing is missing. */
    REPAIRED,
    /** Trades may be missing. */
    PARTIAL,
    /** Nobody traded; flat at the last price. */
    EMPTY;

    /** Whether nothing is missing from the minute. */
    public boolean isWhole() {
        return this != PARTIAL;
    }
}
