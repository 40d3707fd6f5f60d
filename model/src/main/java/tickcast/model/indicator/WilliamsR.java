package tickcast.model.indicator;

/** Williams %R, −100 … 0: the close below the highest high of n bars, over their range. Warm after n; −50 without a range. */
public final class WilliamsR implements BarIndicator {

    private final Ring highs;
    private final Ring lows;
    private double close;

    public WilliamsR(int length) {
        highs = new Ring(length);
        lows = new Ring(length);
    }

    @Override
    public void update(double high, double low, double newClose, double volume) {
        highs.add(high);
        lows.add(low);
        close = newClose;
    }

    @Override
    public boolean isWarm() {
        return highs.isFull();
    }

    @Override
    public double value() {
        if (!isWarm()) {
            return Double.NaN;
        }
        double highest = highs.max();
        double range = highest - lows.min();
        return range > 0 ? -100 * (highest - close) / range : -50;
    }
}
