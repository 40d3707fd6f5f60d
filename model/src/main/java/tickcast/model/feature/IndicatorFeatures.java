package tickcast.model.feature;

import java.util.List;
import tickcast.model.indicator.BollingerBands;
import tickcast.model.indicator.Cci;
import tickcast.model.indicator.Mfi;
import tickcast.model.indicator.RateOfChange;
import tickcast.model.indicator.Stochastic;
import tickcast.model.indicator.Vwap;
import tickcast.model.indicator.WilliamsR;

/**
 * Technical indicators made stationary: distances in the price's expected movement (σ times the root of the indicator's
 * length), oscillators from −1 to 1. Holds the windowed indicators; those that remember for ever live in a {@link Track}.
 */
final class IndicatorFeatures {

    static final List<String> NAMES = List.of(
            "smaDistance20",
            "emaDistance7",
            "emaDistance14",
            "emaDistance21",
            "emaDistance60",
            "rsi14",
            "macdLine",
            "macdSignal",
            "macdHistogram",
            "bollingerPosition",
            "bollingerWidth",
            "atrLogBps",
            "atrRatio",
            "stochasticK",
            "stochasticD",
            "adx",
            "plusDi",
            "minusDi",
            "mfi14",
            "cci20",
            "roc14",
            "williamsR14",
            "vwapDistanceDay");

    private static final double BPS = 1e4;
    private static final double MACD_SCALE = Math.sqrt(26);

    private final BollingerBands bollinger = new BollingerBands(20, 2);
    private final Stochastic stochastic = new Stochastic(14, 3, 3);
    private final Mfi mfi = new Mfi(14);
    private final Cci cci = new Cci(20);
    private final RateOfChange roc = new RateOfChange(14);
    private final WilliamsR williamsR = new WilliamsR(14);
    private final Vwap dayVwap = new Vwap();
    private int dayMinutes;
    private boolean dayKnown;

    void update(double high, double low, double close, double volume, boolean isFirstOfDay) {
        bollinger.update(close);
        stochastic.update(high, low, close, volume);
        mfi.update(high, low, close, volume);
        cci.update(high, low, close, volume);
        roc.update(close);
        williamsR.update(high, low, close, volume);
        if (isFirstOfDay) {
            dayVwap.reset();
            dayMinutes = 0;
            dayKnown = true;
        }
        dayVwap.update(high, low, close, volume);
        dayMinutes++;
    }

    void write(FeatureRow row, Track track, double close, double volatility) {
        double step = close * volatility;
        row.putRatio(close - bollinger.value(), step * Math.sqrt(20));
        row.putRatio(close - track.ema7.value(), step * Math.sqrt(7));
        row.putRatio(close - track.ema14.value(), step * Math.sqrt(14));
        row.putRatio(close - track.ema21.value(), step * Math.sqrt(21));
        row.putRatio(close - track.ema60.value(), step * Math.sqrt(60));
        row.put(centred(track.rsi.value()));
        row.putRatio(track.macd.value(), step * MACD_SCALE);
        row.putRatio(track.macd.signal(), step * MACD_SCALE);
        row.putRatio(track.macd.histogram(), step * MACD_SCALE);
        row.put(2 * bollinger.position() - 1);
        row.putRatio(bollinger.deviation(), step * Math.sqrt(20));
        row.put(StrictMath.log1p(BPS * track.atr.value() / close));
        row.putRatio(track.atr.value(), step);
        writeOscillators(row, track, volatility);
        row.putRatio(dayKnown ? close - dayVwap.value() : Double.NaN, step * Math.sqrt(dayMinutes));
    }

    private void writeOscillators(FeatureRow row, Track track, double volatility) {
        row.put(centred(stochastic.value()));
        row.put(centred(stochastic.signal()));
        row.put(track.adx.value() / 100);
        row.put(track.adx.plus() / 100);
        row.put(track.adx.minus() / 100);
        row.put(centred(mfi.value()));
        row.put(cci.value() / 100);
        row.putRatio(roc.value() / 100, volatility * Math.sqrt(14));
        row.put(williamsR.value() / 50 + 1);
    }

    /** From 0–100 to −1–1. */
    private static double centred(double percent) {
        return percent / 50 - 1;
    }
}
