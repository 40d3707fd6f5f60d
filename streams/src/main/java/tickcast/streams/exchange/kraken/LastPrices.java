package tickcast.streams.exchange.kraken;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The last price of each of one symbol's newest minutes. Bounded. Single-threaded. */
final class LastPrices {

    private static final int KEPT = 64;

    private final NavigableMap<Long, Double> older = new TreeMap<>();
    private long minute = ExchangeTime.UNKNOWN;
    private double price = Double.NaN;

    /** A trade happened; trades of one minute come by rising id. */
    void note(long micros, double newPrice) {
        long tradeMinute = ExchangeTime.minuteOf(micros);
        if (tradeMinute < minute) {
            keep(tradeMinute, newPrice);
            return;
        }
        if (tradeMinute > minute && minute != ExchangeTime.UNKNOWN) {
            keep(minute, price);
        }
        minute = tradeMinute;
        price = newPrice;
    }

    private void keep(long oldMinute, double oldPrice) {
        older.put(oldMinute, oldPrice);
        if (older.size() > KEPT) {
            older.pollFirstEntry();
        }
    }

    /** The last price before the given minute, or NaN. */
    double before(long minuteMicros) {
        if (minute < minuteMicros) {
            return price;
        }
        Map.Entry<Long, Double> entry = older.lowerEntry(minuteMicros);
        return entry == null ? Double.NaN : entry.getValue();
    }
}
