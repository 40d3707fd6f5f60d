package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** Makes whole minutes of pages of history as they come by, untraded ones included. Single-threaded. */
final class MinuteCollector {

    private final Symbol symbol;
    private final Instant from;
    private final Instant until;
    private final List<Trade> open = new ArrayList<>();
    private Instant next;
    private double price;

    /**
     * @param from open time of the first minute that is wanted
     * @param until open time of the first that is not
     */
    MinuteCollector(Symbol symbol, Instant from, Instant until) {
        this(symbol, from, until, Double.NaN);
    }

    /** @param priceBefore close of the minute before {@code from}, or NaN when that is not known */
    MinuteCollector(Symbol symbol, Instant from, Instant until, double priceBefore) {
        this.price = priceBefore;
        this.symbol = symbol;
        this.from = from;
        this.until = until;
        this.next = from;
    }

    Symbol symbol() {
        return symbol;
    }

    Instant from() {
        return from;
    }

    Instant until() {
        return until;
    }

    /** Takes a page. Returns the minutes that are whole now. */
    List<Candle> take(TradesPage page, Instant knownAt) {
        open.addAll(page.trades());
        if (page.trades().isEmpty()) {
            return List.of();
        }
        Trade newest = page.trades().get(page.trades().size() - 1);
        return candlesUntil(Times.minuteOf(Times.ofMicros(newest.timeMicros())), knownAt);
    }

    /** There are no more pages. Returns the minutes that are left. */
    List<Candle> finish(Instant knownAt) {
        return candlesUntil(until, knownAt);
    }

    private List<Candle> candlesUntil(Instant limit, Instant knownAt) {
        Instant end = limit.isBefore(until) ? limit : until;
        Map<Instant, Candle> traded = new HashMap<>();
        for (Candle candle : CandleBuilder.candlesOf(symbol, takeBefore(end), Coverage.FILLED, knownAt)) {
            traded.put(candle.openTime(), candle);
            if (candle.openTime().isBefore(from)) {
                price = candle.close();
            }
        }
        List<Candle> candles = new ArrayList<>();
        for (; next.isBefore(end); next = next.plus(Candle.INTERVAL)) {
            Candle candle = traded.get(next);
            if (candle != null) {
                price = candle.close();
                candles.add(candle);
            } else if (!Double.isNaN(price)) {
                candles.add(Candle.empty(symbol, next, price, knownAt));
            }
        }
        return candles;
    }

    private List<Trade> takeBefore(Instant end) {
        long endMicros = Times.micros(end);
        List<Trade> taken =
                open.stream().filter(trade -> trade.timeMicros() < endMicros).toList();
        open.removeIf(trade -> trade.timeMicros() < endMicros);
        return taken;
    }
}
