package tickcast.model.indicator;

/**
 * Commodity channel index: distance of the typical price from its mean over n bars, in 1.5 % of its mean distance. Warm after
 * n; 0 when nothing moved. Lambert (1980).
 */
public final class Cci implements BarIndicator {

    private static final double SCALE = 0.015;

    private final Ring typicals;
    private double typical;

    public Cci(int length) {
        typicals = new Ring(length);
    }

    @Override
    public void update(double high, double low, double close, double volume) {
        typical = (high + low + close) / 3;
        typicals.add(typical);
    }

    @Override
    public boolean isWarm() {
        return typicals.isFull();
    }

    @Override
    public double value() {
        if (!isWarm()) {
            return Double.NaN;
        }
        double mean = typicals.mean();
        double distance = typicals.meanDistanceFrom(mean);
        return distance > 0 ? (typical - mean) / (SCALE * distance) : 0;
    }
}
