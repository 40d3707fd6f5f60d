package tickcast.model.indicator;

/** Standard deviation (of the population) of the last n values. Warm after n. */
public final class RollingDeviation implements PriceIndicator {

    private final Ring window;

    public RollingDeviation(int length) {
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
        return isWarm() ? Math.sqrt(window.meanSquareFrom(window.mean())) : Double.NaN;
    }
}
