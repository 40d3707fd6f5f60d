package tickcast.model.market;

import java.time.Duration;
import java.time.Instant;

/**
 * One closed minute {@code [openTime, closeTime)} of one symbol, by event time, aligned to the epoch.
 *
 * <p>What the source did not know is {@code NaN} (doubles) or −1 (counts): a candle file has no flow, some files no trade
 * count. An {@link Quality#EMPTY} candle is flat at the last price with zero volume, notional, flow and trades.
 *
 * @param symbol the pair
 * @param openTime start of the minute
 * @param open price of the first trade by time and id
 * @param high highest price
 * @param low lowest price
 * @param close price of the last trade by time and id
 * @param volume base quantity, the exact sum rounded once to double; the sum does not depend on arrival order
 * @param notional sum of price × quantity in the quote asset, or NaN
 * @param buyVolume base quantity bought by takers, or NaN
 * @param trades number of trades, or −1
 * @param firstTradeId lowest trade id, or −1
 * @param lastTradeId highest trade id, or −1
 * @param quality how much of the minute was seen
 * @param revision 0 for the first published version of the minute, then counting up
 * @param knownAt when this system could first use this revision; for imported history the nominal close time
 * @param imported whether {@code knownAt} is nominal
 */
public record Candle(
        Symbol symbol,
        Instant openTime,
        double open,
        double high,
        double low,
        double close,
        double volume,
        double notional,
        double buyVolume,
        int trades,
        long firstTradeId,
        long lastTradeId,
        Quality quality,
        int revision,
        Instant knownAt,
        boolean imported) {

    /** The length of every candle. */
    public static final Duration INTERVAL = Duration.ofMinutes(1);

    /** The first instant after the minute. */
    public Instant closeTime() {
        return openTime.plus(INTERVAL);
    }

    /** A minute in which nobody traded, flat at {@code price}. */
    public static Candle empty(Symbol symbol, Instant openTime, double price, Instant knownAt) {
        return flat(symbol, openTime, price, Quality.EMPTY, knownAt);
    }

    /** A minute of which nothing is known, bridged flat at {@code price}. */
    public static Candle missing(Symbol symbol, Instant openTime, double price, Instant knownAt) {
        return flat(symbol, openTime, price, Quality.PARTIAL, knownAt);
    }

    private static Candle flat(Symbol symbol, Instant openTime, double price, Quality quality, Instant knownAt) {
        return new Candle(symbol, openTime, price, price, price, price, 0, 0, 0, 0, -1, -1, quality, 0, knownAt, false);
    }

    /** Whether both describe the same market activity; revision, known-at and origin are not compared. */
    public boolean sameMarket(Candle other) {
        return openTime.equals(other.openTime)
                && symbol.equals(other.symbol)
                && same(open, other.open)
                && same(high, other.high)
                && same(low, other.low)
                && same(close, other.close)
                && same(volume, other.volume)
                && same(notional, other.notional)
                && same(buyVolume, other.buyVolume)
                && trades == other.trades
                && firstTradeId == other.firstTradeId
                && lastTradeId == other.lastTradeId
                && quality.isWhole() == other.quality.isWhole();
    }

    private static boolean same(double a, double b) {
        return Double.compare(a, b) == 0;
    }

    /** The same minute at another revision. */
    public Candle withRevision(int newRevision, Instant newKnownAt) {
        return new Candle(
                symbol,
                openTime,
                open,
                high,
                low,
                close,
                volume,
                notional,
                buyVolume,
                trades,
                firstTradeId,
                lastTradeId,
                quality,
                newRevision,
                newKnownAt,
                imported);
    }

    /** The same candle with its close time as nominal known-at: how history that others recorded enters. */
    public Candle asImported() {
        return new Candle(
                symbol,
                openTime,
                open,
                high,
                low,
                close,
                volume,
                notional,
                buyVolume,
                trades,
                firstTradeId,
                lastTradeId,
                quality,
                revision,
                closeTime(),
                true);
    }
}
