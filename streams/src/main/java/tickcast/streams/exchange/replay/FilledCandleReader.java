package tickcast.streams.exchange.replay;

import java.util.NoSuchElementException;
import java.util.Optional;
import tickcast.model.market.Candle;

/** Every minute from the first row to the last: minutes without a row had no trade and are EMPTY, flat at the last price. */
final class FilledCandleReader implements HistoryReader<Candle> {

    private final HistoryReader<Candle> rows;
    private Optional<Candle> row = Optional.empty();
    private Optional<Candle> before = Optional.empty();

    FilledCandleReader(HistoryReader<Candle> rows) {
        this.rows = rows;
    }

    @Override
    public boolean hasNext() {
        return row.isPresent() || rows.hasNext();
    }

    @Override
    public Candle next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more candles");
        }
        Candle upcoming = row.orElseGet(rows::next);
        boolean gap = before.isPresent() && before.get().closeTime().isBefore(upcoming.openTime());
        Candle candle = gap ? emptyAfter(before.get()) : upcoming;
        row = gap ? Optional.of(upcoming) : Optional.empty();
        before = Optional.of(candle);
        return candle;
    }

    private static Candle emptyAfter(Candle candle) {
        return Candle.empty(candle.symbol(), candle.closeTime(), candle.close(), candle.closeTime())
                .asImported();
    }

    @Override
    public void close() {
        rows.close();
    }
}
