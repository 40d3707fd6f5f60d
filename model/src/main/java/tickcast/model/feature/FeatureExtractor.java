package tickcast.model.feature;

import java.time.Instant;
import java.util.Collection;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/**
 * The one code path from candles to features, for training, backtest and live. Single-threaded. Feed it every minute in
 * order, without a hole (bridge holes with {@link Candle#missing}).
 *
 * <p>Two tracks hold what remembers for ever: the one in use, and one begun at the last UTC midnight, which takes over at the
 * next. The as-of of exactly 00:00 belongs to the day that begins, though its candle opened at 23:59: so at 00:00 of day D the
 * track begun with the candle that opened at 00:00 of D − 1 is taken into use, and has seen 1440 minutes. Everything else
 * reaches back 720 minutes at most and is summed anew for each vector. So a vector is a function of the candles since
 * {@link Times#recursionStart}, bit for bit, once {@link #isWarm}.
 *
 * <p>A PARTIAL minute is bridged: flat at its close, without volume; if nothing is known of it, it says nothing about
 * volatility either.
 */
public final class FeatureExtractor {

    private static final int MINUTES_PER_DAY = 1440;
    private static final long MILLIS_PER_MINUTE = 60_000L;
    private static final int GAP_MINUTES = 60;

    private final Symbol symbol;
    private final RecentMinutes minutes = new RecentMinutes();
    private final IndicatorFeatures indicators = new IndicatorFeatures();
    private final SentimentFeatures sentiment;
    private Track current;
    /** Begun at the last midnight; the same as {@link #current} until then, and when that began there. */
    private Track next;

    private long asOfMinute;
    private double open;
    private double high;
    private double low;
    private double close;
    private int minutesSinceTrade = RecentMinutes.HOUR;
    private int minutesSinceGap = RecentMinutes.MAX_LAG;

    public FeatureExtractor(Symbol symbol) {
        this.symbol = symbol;
        this.sentiment = new SentimentFeatures(symbol);
    }

    /**
     * Takes the next minute. O(1).
     *
     * @throws IllegalArgumentException when it is not the minute after the last one, is another symbol's, or has no sound prices
     */
    public void update(Candle candle) {
        long minute = Times.epochMinute(candle.openTime());
        requireNext(candle, minute);
        asOfMinute = minute + 1;
        boolean isPartial = candle.quality() == Quality.PARTIAL;
        remember(candle, isPartial);
        minutes.add(
                high, low, close, isPartial ? 0 : candle.volume(), isPartial ? 0 : candle.buyVolume(), trades(candle));
        boolean isMidnight = Math.floorMod(minute, MINUTES_PER_DAY) == 0;
        indicators.update(high, low, close, minutes.volumeAt(0), isMidnight);
        beginTracks(minute, isMidnight);
        updateTracks(isPartial && candle.volume() == 0);
        sentiment.advance(asOfMinute * MILLIS_PER_MINUTE);
    }

    private void requireNext(Candle candle, long minute) {
        if (!candle.symbol().equals(symbol)) {
            throw new IllegalArgumentException("a candle of " + candle.symbol() + " came to the features of " + symbol);
        }
        if (current != null && minute != asOfMinute) {
            throw new IllegalArgumentException(
                    "expected the minute " + Times.ofEpochMinute(asOfMinute) + ", got " + candle.openTime());
        }
        boolean isSound = isPrice(candle.open())
                && isPrice(candle.high())
                && isPrice(candle.low())
                && isPrice(candle.close())
                && candle.volume() >= 0
                && candle.volume() < Double.POSITIVE_INFINITY;
        if (!isSound) {
            throw new IllegalArgumentException("not a sound candle: " + candle);
        }
    }

    private static boolean isPrice(double price) {
        return price > 0 && price < Double.POSITIVE_INFINITY;
    }

    private static int trades(Candle candle) {
        return candle.quality() == Quality.PARTIAL ? 0 : candle.trades();
    }

    private void remember(Candle candle, boolean isPartial) {
        close = candle.close();
        open = isPartial ? close : candle.open();
        high = isPartial ? close : candle.high();
        low = isPartial ? close : candle.low();
        minutesSinceTrade = candle.volume() > 0 ? 0 : Math.min(minutesSinceTrade + 1, RecentMinutes.HOUR);
        minutesSinceGap = isPartial ? 0 : Math.min(minutesSinceGap + 1, RecentMinutes.MAX_LAG);
    }

    private void beginTracks(long minute, boolean isMidnight) {
        if (current == null) {
            current = new Track(minute);
            next = current;
        } else if (isMidnight) {
            next = new Track(minute);
        }
    }

    private void updateTracks(boolean isBridge) {
        double logClose = minutes.logClose(0);
        double volume = minutes.volumeAt(0);
        current.update(high, low, close, volume, logClose, isBridge);
        if (next != current) {
            next.update(high, low, close, volume, logClose, isBridge);
        }
        if (Math.floorMod(asOfMinute, MINUTES_PER_DAY) == 0) {
            current = next;
        }
    }

    /** Takes scored news about this symbol or the market; counts from its known-at on. Order does not matter. */
    public void hear(Collection<Sentiment> items) {
        items.forEach(sentiment::hear);
    }

    /** Close time of the last candle. @throws IllegalStateException before the first */
    public Instant asOf() {
        requireBegun();
        return Times.ofEpochMinute(asOfMinute);
    }

    /** Consecutive minutes taken, bridged ones included. */
    public int minutesKnown() {
        return minutes.count();
    }

    /** Whether the recursions started at {@link Times#recursionStart}, so that whoever has the history since then has the same bits. */
    public boolean isWarm() {
        long startOfDayBefore = (Math.floorDiv(asOfMinute, MINUTES_PER_DAY) - 1) * MINUTES_PER_DAY;
        return current != null && current.startMinute() == startOfDayBefore;
    }

    /** Whether one of the last 60 minutes is PARTIAL. */
    public boolean hasGap() {
        return minutesSinceGap < GAP_MINUTES;
    }

    /** Close of the last candle. @throws IllegalStateException before the first */
    public double lastPrice() {
        requireBegun();
        return close;
    }

    /** Standard deviation of one-minute log returns expected next: σ² = 0.7·EWMA120(r²) + 0.3·EWMA1440(r²), both bias corrected; 0 in a dead market. */
    public double volatility() {
        return current == null ? 0 : current.volatility();
    }

    /**
     * This symbol's vector as of now, panel features still missing ({@link Panel} adds them).
     *
     * @throws IllegalStateException before the first candle
     */
    public FeatureVector vector(Instant knownAt) {
        requireBegun();
        double volatility = volatility();
        FeatureSchema schema = FeatureSchema.current();
        FeatureRow row = new FeatureRow(schema.size());
        ReturnFeatures.write(row, minutes, volatility);
        indicators.write(row, current, close, volatility);
        ActivityFeatures.write(row, minutes, current, close, volatility);
        ShapeFeatures.write(row, open, high, low, close);
        CalendarFeatures.write(row, asOfMinute);
        row.put((double) minutesSinceTrade / RecentMinutes.HOUR);
        row.put((double) minutesSinceGap / RecentMinutes.MAX_LAG);
        sentiment.write(row, asOfMinute * MILLIS_PER_MINUTE);
        row.skip(Panel.NAMES.size());
        return new FeatureVector(symbol, asOf(), knownAt, schema.hash(), row.values(), close, volatility, "");
    }

    private void requireBegun() {
        if (current == null) {
            throw new IllegalStateException("no candle of " + symbol + " yet");
        }
    }
}
