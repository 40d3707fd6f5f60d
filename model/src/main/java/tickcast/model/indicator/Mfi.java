package tickcast.model.indicator;

/**
 * Money flow index, 0–100: typical price × volume of rising bars over that of all moving bars, last n changes. Warm after
 * n + 1 bars; 50 when no money moved. Quong and Soudack (1989).
 */
public final class Mfi implements BarIndicator {

    private final Ring flows;
    private double lastTypical = Double.NaN;

    public Mfi(int length) {
        flows = new Ring(length);
    }

    @Override
    public void update(double high, double low, double close, double volume) {
        double typical = (high + low + close) / 3;
        if (!Double.isNaN(lastTypical)) {
            flows.add(Math.signum(typical - lastTypical) * typical * volume);
        }
        lastTypical = typical;
    }

    @Override
    public boolean isWarm() {
        return flows.isFull();
    }

    @Override
    public double value() {
        if (!isWarm()) {
            return Double.NaN;
        }
        double in = flows.sumAboveZero();
        double moved = in + flows.sumBelowZero();
        return moved > 0 ? 100 * in / moved : 50;
    }
}
