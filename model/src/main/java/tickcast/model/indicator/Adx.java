package tickcast.model.indicator;

/**
 * Average directional index with +DI and −DI, each 0–100. The DIs are warm after n + 1 bars, the ADX after 2n; a market that
 * does not move has 0. Wilder (1978).
 */
public final class Adx implements BarIndicator {

    private final int length;
    private final TrueRange trueRange = new TrueRange();
    private double lastHigh = Double.NaN;
    private double lastLow = Double.NaN;
    private int moves;
    private double range;
    private double rise;
    private double fall;
    private int indexes;
    private double average;

    public Adx(int length) {
        this.length = length;
    }

    @Override
    public void update(double high, double low, double close, double volume) {
        double up = high - lastHigh;
        double down = lastLow - low;
        lastHigh = high;
        lastLow = low;
        trueRange.update(high, low, close, volume);
        if (!trueRange.isWarm()) {
            return;
        }
        double kept = moves < length ? 1 : 1 - 1.0 / length;
        range = range * kept + trueRange.value();
        rise = rise * kept + (up > down && up > 0 ? up : 0);
        fall = fall * kept + (down > up && down > 0 ? down : 0);
        if (moves < length) {
            moves++;
        }
        if (moves == length) {
            average(directionalIndex());
        }
    }

    private double directionalIndex() {
        double moved = rise + fall;
        return moved > 0 ? 100 * Math.abs(rise - fall) / moved : 0;
    }

    private void average(double index) {
        if (indexes >= length) {
            average = (average * (length - 1) + index) / length;
            return;
        }
        average += index;
        if (++indexes == length) {
            average /= length;
        }
    }

    /** Whether the ADX is warm. */
    @Override
    public boolean isWarm() {
        return indexes >= length;
    }

    /** The ADX. */
    @Override
    public double value() {
        return isWarm() ? average : Double.NaN;
    }

    public boolean isDirectionWarm() {
        return moves >= length;
    }

    /** +DI; NaN until {@link #isDirectionWarm}. */
    public double plus() {
        return overRange(rise);
    }

    /** −DI; NaN until {@link #isDirectionWarm}. */
    public double minus() {
        return overRange(fall);
    }

    private double overRange(double movement) {
        if (!isDirectionWarm()) {
            return Double.NaN;
        }
        return range > 0 ? 100 * movement / range : 0;
    }
}
