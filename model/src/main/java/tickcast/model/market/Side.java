package tickcast.model.market;

/** Which side took liquidity in a trade. {@code UNKNOWN} when the source does not say. */
public enum Side {
    BUY,
    SELL,
    UNKNOWN
}
