package tickcast.model.indicator;

/** An indicator of one series, mostly closing prices. */
public interface PriceIndicator extends Indicator {

    /** Takes the next value, which must be finite. */
    void update(double price);
}
