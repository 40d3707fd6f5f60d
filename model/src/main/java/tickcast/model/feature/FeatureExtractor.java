package tickcast.model.feature;

import java.time.Instant;
import java.util.Collection;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * The one code path from candles to features, for training, backtest and live. Single-threaded. Feed it every minute in
 * order, without a hole (bridge holes with {@link Candle#missing}).
 */
public final class FeatureExtractor {

    public FeatureExtractor(Symbol symbol) {}

    /** Takes the next minute. @throws IllegalArgumentException when it is not the minute after the last one */
    public void update(Candle candle) {
        throw new UnsupportedOperationException();
    }

    /** Takes scored news about this symbol or the market; counts from its known-at on. Order does not matter. */
    public void hear(Collection<Sentiment> sentiment) {
        throw new UnsupportedOperationException();
    }

    /** Close time of the last candle. @throws IllegalStateException before the first */
    public Instant asOf() {
        throw new UnsupportedOperationException();
    }

    /** Consecutive minutes taken, bridged ones included. */
    public int minutesKnown() {
        throw new UnsupportedOperationException();
    }

    /** Whether the recursions started at {@link tickcast.model.market.Times#recursionStart}, so that whoever has the history since then has the same bits. */
    public boolean isWarm() {
        throw new UnsupportedOperationException();
    }

    /** Whether one of the last 60 minutes is PARTIAL. */
    public boolean hasGap() {
        throw new UnsupportedOperationException();
    }

    public double lastPrice() {
        throw new UnsupportedOperationException();
    }

    /** Standard deviation of one-minute log returns expected next: σ² = 0.7·EWMA120(r²) + 0.3·EWMA1440(r²), both bias corrected; 0 in a dead market. */
    public double volatility() {
        throw new UnsupportedOperationException();
    }

    /** This symbol's vector as of now, panel features still missing ({@link Panel} adds them). */
    public FeatureVector vector(Instant knownAt) {
        throw new UnsupportedOperationException();
    }
}
