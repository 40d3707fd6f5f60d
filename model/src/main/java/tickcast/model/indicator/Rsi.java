package tickcast.model.indicator;

/**
 * Relative strength index, 0–100, smoothed by Wilder's average of the first n changes. Warm after n + 1 values; 50 when the
 * price never moved. Wilder, New Concepts in Technical Trading Systems (1978).
 */
public final class Rsi implements PriceIndicator {

    private final int length;
    private int changes = -1;
    private double last;
    private double gain;
    private double loss;

    public Rsi(int length) {
        this.length = length;
    }

    @Override
    public void update(double price) {
        double change = price - last;
        last = price;
        if (changes < 0) {
            changes = 0;
            return;
        }
        double up = Math.max(change, 0);
        double down = Math.max(-change, 0);
        if (changes >= length) {
            gain = (gain * (length - 1) + up) / length;
            loss = (loss * (length - 1) + down) / length;
            return;
        }
        gain += up;
        loss += down;
        if (++changes == length) {
            gain /= length;
            loss /= length;
        }
    }

    @Override
    public boolean isWarm() {
        return changes >= length;
    }

    @Override
    public double value() {
        if (!isWarm()) {
            return Double.NaN;
        }
        double moved = gain + loss;
        return moved > 0 ? 100 * gain / moved : 50;
    }
}
