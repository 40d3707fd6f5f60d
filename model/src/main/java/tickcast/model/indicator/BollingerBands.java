package tickcast.model.indicator;

/**
 * Mean of the last n values and bands some population standard deviations around it. Warm after n. The figures are computed
 * once per update.
 */
public final class BollingerBands implements PriceIndicator {

    private final Ring window;
    private final double deviations;
    private double last;
    private double middle = Double.NaN;
    private double deviation = Double.NaN;

    public BollingerBands(int length, double deviations) {
        this.window = new Ring(length);
        this.deviations = deviations;
    }

    @Override
    public void update(double price) {
        window.add(price);
        last = price;
        if (window.isFull()) {
            middle = window.mean();
            deviation = Math.sqrt(window.meanSquareFrom(middle));
        }
    }

    @Override
    public boolean isWarm() {
        return window.isFull();
    }

    /** The middle band, in price units. */
    @Override
    public double value() {
        return middle;
    }

    public double upper() {
        return middle + deviations * deviation;
    }

    public double lower() {
        return middle - deviations * deviation;
    }

    /** One standard deviation, in price units. */
    public double deviation() {
        return deviation;
    }

    /** %b: where the last value lies, 0 = lower band, 1 = upper band; 0.5 when the bands have no width; NaN until warm. */
    public double position() {
        double width = upper() - lower();
        return width == 0 ? 0.5 : (last - lower()) / width;
    }

    /** Distance of the bands over the middle; NaN until warm. */
    public double width() {
        return (upper() - lower()) / middle;
    }
}
