package tickcast.model.indicator;

/** Linearly weighted moving average of the last n values, the newest weighing n, the oldest 1. Warm after n. */
public final class Wma implements PriceIndicator {

    private final Ring window;

    public Wma(int length) {
        window = new Ring(length);
    }

    @Override
    public void update(double price) {
        window.add(price);
    }

    @Override
    public boolean isWarm() {
        return window.isFull();
    }

    @Override
    public double value() {
        return isWarm() ? window.weightedMean() : Double.NaN;
    }
}
