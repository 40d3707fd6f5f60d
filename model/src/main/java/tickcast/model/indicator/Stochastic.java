package tickcast.model.indicator;

/**
 * Slow stochastic oscillator, 0–100: where the close lies in the range of the last n bars, smoothed by simple means. %K is
 * warm after n + smooth − 1 bars, %D after signal − 1 more; a range of zero counts as 50. Lane.
 */
public final class Stochastic implements BarIndicator {

    private final Ring highs;
    private final Ring lows;
    private final Ring raw;
    private final Ring smoothed;
    private double k = Double.NaN;
    private double d = Double.NaN;

    public Stochastic(int length, int smooth, int signal) {
        highs = new Ring(length);
        lows = new Ring(length);
        raw = new Ring(smooth);
        smoothed = new Ring(signal);
    }

    @Override
    public void update(double high, double low, double close, double volume) {
        highs.add(high);
        lows.add(low);
        if (!highs.isFull()) {
            return;
        }
        double lowest = lows.min();
        double range = highs.max() - lowest;
        raw.add(range > 0 ? 100 * (close - lowest) / range : 50);
        if (!raw.isFull()) {
            return;
        }
        k = raw.mean();
        smoothed.add(k);
        if (smoothed.isFull()) {
            d = smoothed.mean();
        }
    }

    /** Whether %K is warm. */
    @Override
    public boolean isWarm() {
        return raw.isFull();
    }

    /** %K. */
    @Override
    public double value() {
        return k;
    }

    public boolean isSignalWarm() {
        return smoothed.isFull();
    }

    /** %D; NaN until {@link #isSignalWarm}. */
    public double signal() {
        return d;
    }
}
