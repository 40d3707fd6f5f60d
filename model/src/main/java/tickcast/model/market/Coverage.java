package tickcast.model.market;

/** How far a feed vouches for one symbol's minute when it closes. */
public enum Coverage {
    /** Seen live from its first to its last instant. */
    SEEN,
    /** Partly filled in from the exchange's history; whole now. */
    FILLED,
    /** Trades may be missing. */
    UNSURE
}
