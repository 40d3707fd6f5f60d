package tickcast.model.indicator;

/**
 * Average true range in price units, Wilder's average seeded by the mean of the first n true ranges. Warm after n + 1 bars.
 * Wilder (1978).
 */
public final class Atr implements BarIndicator {

    private final int length;
    private final TrueRange trueRange = new TrueRange();
    private int count;
    private double average;

    public Atr(int length) {
        this.length = length;
    }

    @Override
    public void update(double high, double low, double close, double volume) {
        trueRange.update(high, low, close, volume);
        if (!trueRange.isWarm()) {
            return;
        }
        if (count >= length) {
            average = (average * (length - 1) + trueRange.value()) / length;
            return;
        }
        average += trueRange.value();
        if (++count == length) {
            average /= length;
        }
    }

    @Override
    public boolean isWarm() {
        return count >= length;
    }

    @Override
    public double value() {
        return isWarm() ? average : Double.NaN;
    }
}
