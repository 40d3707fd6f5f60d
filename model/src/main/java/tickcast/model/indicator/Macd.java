package tickcast.model.indicator;

/**
 * Moving average convergence/divergence: fast EMA − slow EMA, in price units, with an EMA of it as signal; each EMA is seeded
 * by the mean of its first values. The line is warm after {@code slow} values, the signal after {@code slow + signal − 1}.
 */
public final class Macd implements PriceIndicator {

    private final Ema fast;
    private final Ema slow;
    private final Ema signal;

    public Macd(int fast, int slow, int signal) {
        this.fast = new Ema(fast);
        this.slow = new Ema(slow);
        this.signal = new Ema(signal);
    }

    @Override
    public void update(double price) {
        fast.update(price);
        slow.update(price);
        if (slow.isWarm()) {
            signal.update(value());
        }
    }

    /** Whether the line is warm. */
    @Override
    public boolean isWarm() {
        return fast.isWarm() && slow.isWarm();
    }

    /** The line. */
    @Override
    public double value() {
        return fast.value() - slow.value();
    }

    public boolean isSignalWarm() {
        return signal.isWarm();
    }

    /** NaN until {@link #isSignalWarm}. */
    public double signal() {
        return signal.value();
    }

    /** Line − signal; NaN until {@link #isSignalWarm}. */
    public double histogram() {
        return value() - signal();
    }
}
