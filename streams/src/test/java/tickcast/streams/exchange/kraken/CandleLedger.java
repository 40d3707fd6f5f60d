package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;

/** Does with feed events what a market does, and keeps the newest revision of every candle. */
final class CandleLedger {

    private final Map<Symbol, CandleBuilder> builders = new HashMap<>();
    private final Map<Symbol, TreeMap<Instant, Candle>> candles = new HashMap<>();
    private final List<FeedEvent.MinutePassed> passed = new ArrayList<>();
    private final List<FeedEvent.StateChanged> states = new ArrayList<>();
    private int duplicates;
    private int tooLate;
    private int late;
    private int revised;

    CandleLedger(List<Symbol> symbols) {
        for (Symbol symbol : symbols) {
            builders.put(symbol, new CandleBuilder(symbol));
            candles.put(symbol, new TreeMap<>());
        }
    }

    CandleLedger take(FeedEvent event) {
        if (event instanceof FeedEvent.TradesArrived arrived) {
            arrived.trades().forEach(this::take);
        } else if (event instanceof FeedEvent.MinutePassed minute) {
            take(minute);
        } else if (event instanceof FeedEvent.CandlesRevised newer) {
            newer.candles().forEach(candle -> candles.get(newer.symbol()).put(candle.openTime(), candle));
            revised += newer.candles().size();
        } else if (event instanceof FeedEvent.StateChanged state) {
            states.add(state);
        }
        return this;
    }

    private void take(Trade trade) {
        CandleBuilder builder = builders.get(trade.symbol());
        switch (builder.add(trade)) {
            case ADDED -> {}
            case DUPLICATE -> duplicates++;
            case TOO_LATE -> tooLate++;
            case LATE -> {
                late++;
                Instant open = Times.minuteOf(Times.ofMicros(trade.timeMicros()));
                builder.revise(open, Coverage.SEEN, open)
                        .ifPresent(candle -> candles.get(trade.symbol()).put(open, candle));
            }
        }
    }

    private void take(FeedEvent.MinutePassed minute) {
        passed.add(minute);
        Instant open = minute.closeTime().minus(Candle.INTERVAL);
        builders.forEach((symbol, builder) -> {
            Coverage coverage = minute.unsure().contains(symbol)
                    ? Coverage.UNSURE
                    : minute.filled().contains(symbol) ? Coverage.FILLED : Coverage.SEEN;
            Map.Entry<Instant, Candle> before = candles.get(symbol).lowerEntry(open);
            double lastPrice = before == null ? Double.NaN : before.getValue().close();
            builder.close(open, coverage, lastPrice, minute.closeTime())
                    .ifPresent(candle -> candles.get(symbol).put(open, candle));
        });
        minute.candles().forEach(candle -> candles.get(candle.symbol()).put(open, candle));
    }

    TreeMap<Instant, Candle> candles(Symbol symbol) {
        return candles.get(symbol);
    }

    List<FeedEvent.MinutePassed> passed() {
        return passed;
    }

    List<FeedEvent.StateChanged> states() {
        return states;
    }

    boolean hasPassed(Instant closeTime) {
        return !passed.isEmpty() && !passed.get(passed.size() - 1).closeTime().isBefore(closeTime);
    }

    boolean isWhole() {
        return candles.values().stream()
                .flatMap(byMinute -> byMinute.values().stream())
                .allMatch(candle -> candle.quality().isWhole());
    }

    int duplicates() {
        return duplicates;
    }

    int tooLate() {
        return tooLate;
    }

    int late() {
        return late;
    }

    int revised() {
        return revised;
    }
}
