package tickcast.model.indicator;

/**
 * On-balance volume: volume of rising bars minus volume of falling bars since the first bar, which counts 0. A running
 * total, so only its differences mean anything. Warm from the first bar on. Granville (1963).
 */
public final class Obv implements BarIndicator {

    private double lastClose = Double.NaN;
    private double total;

    @Override
    public void update(double high, double low, double close, double volume) {
        if (close > lastClose) {
            total += volume;
        } else if (close < lastClose) {
            total -= volume;
        }
        lastClose = close;
    }

    @Override
    public boolean isWarm() {
        return !Double.isNaN(lastClose);
    }

    @Override
    public double value() {
        return isWarm() ? total : Double.NaN;
    }
}
