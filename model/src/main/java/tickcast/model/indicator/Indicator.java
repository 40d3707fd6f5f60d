package tickcast.model.indicator;

/** A figure that follows a market. */
public interface Indicator {

    /** Whether enough has been seen for {@link #value}. */
    boolean isWarm();

    /** The current value, always finite; NaN until warm. */
    double value();
}
