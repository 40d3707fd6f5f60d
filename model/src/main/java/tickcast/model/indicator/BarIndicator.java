package tickcast.model.indicator;

/** An indicator of bars. */
public interface BarIndicator extends Indicator {

    /** Takes the next bar. Prices must be finite and positive, the volume finite and not negative. */
    void update(double high, double low, double close, double volume);
}
