package tickcast.model.indicator;

/** Wilder's true range: the bar's range, widened to the close before it. Warm from the second bar on. */
public final class TrueRange implements BarIndicator {

    private double lastClose = Double.NaN;
    private double range = Double.NaN;

    @Override
    public void update(double high, double low, double close, double volume) {
        range = Math.max(high, lastClose) - Math.min(low, lastClose);
        lastClose = close;
    }

    @Override
    public boolean isWarm() {
        return !Double.isNaN(range);
    }

    @Override
    public double value() {
        return range;
    }
}
