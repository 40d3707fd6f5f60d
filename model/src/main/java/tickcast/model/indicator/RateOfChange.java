package tickcast.model.indicator;

/** Change against the value n updates before, in percent of that. Warm after n + 1. */
public final class RateOfChange implements PriceIndicator {

    private final Ring window;
    private double last;

    public RateOfChange(int length) {
        window = new Ring(length + 1);
    }

    @Override
    public void update(double price) {
        window.add(price);
        last = price;
    }

    @Override
    public boolean isWarm() {
        return window.isFull();
    }

    @Override
    public double value() {
        return isWarm() ? 100 * (last - window.oldest()) / window.oldest() : Double.NaN;
    }
}
