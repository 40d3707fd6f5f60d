package tickcast.model.indicator;

/** Exponential moving average with weight 2 / (n + 1), seeded by the mean of the first n values. Warm after n. */
public final class Ema implements PriceIndicator {

    private final int length;
    private final double weight;
    private int count;
    private double average;

    public Ema(int length) {
        this.length = length;
        this.weight = 2.0 / (length + 1);
    }

    @Override
    public void update(double price) {
        if (count >= length) {
            average += weight * (price - average);
            return;
        }
        average += price;
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
