package tickcast.model.feature;

import tickcast.model.indicator.Adx;
import tickcast.model.indicator.Atr;
import tickcast.model.indicator.Ema;
import tickcast.model.indicator.Ewma;
import tickcast.model.indicator.Macd;
import tickcast.model.indicator.Rsi;

/** Everything that remembers for ever, begun at one minute: a function of the minutes since then. */
final class Track {

    private static final double FAST_WEIGHT = 0.7;
    private static final double SLOW_WEIGHT = 0.3;

    final Ema ema7 = new Ema(7);
    final Ema ema14 = new Ema(14);
    final Ema ema21 = new Ema(21);
    final Ema ema60 = new Ema(60);
    final Rsi rsi = new Rsi(14);
    final Macd macd = new Macd(12, 26, 9);
    final Atr atr = new Atr(14);
    final Adx adx = new Adx(14);

    private final long startMinute;
    private final Ewma fastVariance = new Ewma(120);
    private final Ewma slowVariance = new Ewma(1440);
    private double lastLogClose = Double.NaN;
    private int bridged;

    /** @param startMinute epoch minute of its first candle */
    Track(long startMinute) {
        this.startMinute = startMinute;
    }

    long startMinute() {
        return startMinute;
    }

    /** @param isBridge whether nothing is known of the minute */
    void update(double high, double low, double close, double volume, double logClose, boolean isBridge) {
        ema7.update(close);
        ema14.update(close);
        ema21.update(close);
        ema60.update(close);
        rsi.update(close);
        macd.update(close);
        atr.update(high, low, close, volume);
        adx.update(high, low, close, volume);
        updateVariance(logClose, isBridge);
    }

    /** The return over a bridge counts once, spread over the bridged minutes, which say nothing themselves. */
    private void updateVariance(double logClose, boolean isBridge) {
        double logReturn = logClose - lastLogClose;
        lastLogClose = logClose;
        if (Double.isNaN(logReturn)) {
            return;
        }
        if (isBridge) {
            bridged++;
            return;
        }
        double square = logReturn * logReturn / (bridged + 1);
        bridged = 0;
        fastVariance.update(square);
        slowVariance.update(square);
    }

    /** Standard deviation of one-minute log returns expected next; 0 when there was no return yet. */
    double volatility() {
        return fastVariance.isWarm()
                ? Math.sqrt(FAST_WEIGHT * fastVariance.value() + SLOW_WEIGHT * slowVariance.value())
                : 0;
    }

    /** Log of the volatility of the last hours over that of the last day; NaN in a dead market. */
    double volatilityTrend() {
        double slow = slowVariance.value();
        double fast = fastVariance.value();
        return slow > 0 && fast > 0 ? StrictMath.log(fast / slow) / 2 : Double.NaN;
    }
}
