package tickcast.model.market;

import java.time.Instant;

/** The trades of one minute, summed up so that their order does not matter. Adding allocates nothing. */
final class MinuteTally {

    /** Only ids that are not consecutive need more than one range; a minute with more gaps forgets its lowest ids. */
    private static final int MAX_ID_RANGES = 1 << 16;

    private final DecimalSum volume = new DecimalSum();
    private final DecimalSum notional = new DecimalSum();
    private final DecimalSum buyVolume = new DecimalSum();
    private final IdRanges ids = new IdRanges(MAX_ID_RANGES);

    private long minute;
    private int trades;
    private boolean sidesKnown;
    private boolean released;
    private long firstMicros;
    private long firstId;
    private long lastMicros;
    private long lastId;
    private long lowestId;
    private long highestId;
    private double open;
    private double high;
    private double low;
    private double close;

    /** Begins a minute anew. @param minute since the epoch */
    MinuteTally begin(long newMinute) {
        minute = newMinute;
        trades = 0;
        sidesKnown = true;
        released = false;
        volume.clear();
        notional.clear();
        buyVolume.clear();
        ids.clear();
        return this;
    }

    long minute() {
        return minute;
    }

    /** Gives the minute away: what is summed up here no longer counts. */
    void release() {
        released = true;
    }

    boolean isReleased() {
        return released;
    }

    /** Whether there is a candle to be made. */
    boolean hasTrades() {
        return trades > 0 && !released;
    }

    IdRanges ids() {
        return ids;
    }

    /** Adds a trade. Returns false when its id was there. */
    boolean add(Trade trade) {
        if (!ids.add(trade.id())) {
            return false;
        }
        count(trade);
        place(trade.price(), trade.timeMicros(), trade.id());
        trades++;
        return true;
    }

    private void count(Trade trade) {
        volume.add(trade.quantity());
        notional.add(trade.price() * trade.quantity());
        if (trade.side() == Side.BUY) {
            buyVolume.add(trade.quantity());
        } else if (trade.side() == Side.UNKNOWN) {
            sidesKnown = false;
        }
    }

    private void place(double price, long micros, long id) {
        if (trades == 0) {
            beginAt(price, micros, id);
            return;
        }
        if (isBefore(micros, id, firstMicros, firstId)) {
            open = price;
            firstMicros = micros;
            firstId = id;
        }
        if (isBefore(lastMicros, lastId, micros, id)) {
            close = price;
            lastMicros = micros;
            lastId = id;
        }
        high = Math.max(high, price);
        low = Math.min(low, price);
        lowestId = Math.min(lowestId, id);
        highestId = Math.max(highestId, id);
    }

    private void beginAt(double price, long micros, long id) {
        open = price;
        high = price;
        low = price;
        close = price;
        firstMicros = micros;
        lastMicros = micros;
        firstId = id;
        lastId = id;
        lowestId = id;
        highestId = id;
    }

    private static boolean isBefore(long micros, long id, long otherMicros, long otherId) {
        return micros != otherMicros ? micros < otherMicros : id < otherId;
    }

    /** The candle of these trades, revision 0. There must be at least one. */
    Candle candle(Symbol symbol, Quality quality, Instant knownAt, boolean imported) {
        return new Candle(
                symbol,
                Times.ofEpochMinute(minute),
                open,
                high,
                low,
                close,
                volume.value(),
                notional.value(),
                sidesKnown ? buyVolume.value() : Double.NaN,
                trades,
                lowestId,
                highestId,
                quality,
                0,
                knownAt,
                imported);
    }
}
