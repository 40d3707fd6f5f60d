package tickcast.streams.exchange.replay;

import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** Candles made of a file of trades, every minute from the first trade to the last. */
final class TradeCandleReader implements HistoryReader<Candle> {

    private final HistoryReader<Trade> trades;
    private final CandleBuilder builder;
    private Optional<Trade> pending = Optional.empty();
    private Optional<Candle> before = Optional.empty();

    TradeCandleReader(Symbol symbol, HistoryReader<Trade> trades) {
        this.trades = trades;
        this.builder = new CandleBuilder(symbol);
    }

    @Override
    public boolean hasNext() {
        return pending.isPresent() || trades.hasNext();
    }

    @Override
    public Candle next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more trades");
        }
        Trade trade = pending.orElseGet(trades::next);
        pending = Optional.of(trade);
        Instant openTime = before.map(Candle::closeTime).orElseGet(() -> minuteOf(trade));
        Instant closeTime = openTime.plus(Candle.INTERVAL);
        takeUntil(Times.micros(closeTime));
        double lastPrice = before.map(Candle::close).orElse(Double.NaN);
        Candle candle = builder.close(openTime, Coverage.SEEN, lastPrice, closeTime)
                .orElseThrow(() -> new IllegalStateException("no candle at " + openTime + " in spite of trades"))
                .asImported();
        before = Optional.of(candle);
        return candle;
    }

    private void takeUntil(long endMicros) {
        while (pending.isPresent() && pending.get().timeMicros() < endMicros) {
            builder.add(pending.get());
            pending = trades.hasNext() ? Optional.of(trades.next()) : Optional.empty();
        }
    }

    private static Instant minuteOf(Trade trade) {
        return Times.minuteOf(Times.ofMicros(trade.timeMicros()));
    }

    @Override
    public void close() {
        trades.close();
    }
}
