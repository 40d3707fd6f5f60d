package tickcast.model.indicator;

/** Simple moving average: the mean of the last n values. Warm after n. */
public final class Sma implements PriceIndicator {

    private final Ring window;

    public Sma(int length) {
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
        return isWarm() ? window.mean() : Double.NaN;
    }
}
