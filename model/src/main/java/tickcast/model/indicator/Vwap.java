package tickcast.model.indicator;

/** Volume-weighted mean of the typical prices since the last {@link #reset}, in price units. Warm once there was volume. */
public final class Vwap implements BarIndicator {

    private double traded;
    private double volumes;

    @Override
    public void update(double high, double low, double close, double volume) {
        traded += (high + low + close) / 3 * volume;
        volumes += volume;
    }

    /** Begins a new session. */
    public void reset() {
        traded = 0;
        volumes = 0;
    }

    @Override
    public boolean isWarm() {
        return volumes > 0;
    }

    @Override
    public double value() {
        return isWarm() ? traded / volumes : Double.NaN;
    }
}
