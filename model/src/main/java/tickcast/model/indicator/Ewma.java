package tickcast.model.indicator;

/**
 * Exponentially weighted mean with weight 2 / (n + 1), bias corrected: divided by the sum of the weights so far, so that it
 * starts from no assumption. Warm after the first value.
 */
public final class Ewma implements PriceIndicator {

    private final double weight;
    private double sum;
    private double weights;

    public Ewma(int length) {
        weight = 2.0 / (length + 1);
    }

    @Override
    public void update(double value) {
        sum += weight * (value - sum);
        weights += weight * (1 - weights);
    }

    @Override
    public boolean isWarm() {
        return weights > 0;
    }

    @Override
    public double value() {
        return isWarm() ? sum / weights : Double.NaN;
    }
}
