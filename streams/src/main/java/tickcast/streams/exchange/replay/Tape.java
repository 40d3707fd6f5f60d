package tickcast.streams.exchange.replay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** One symbol's recording, cut where asked. Single-threaded. */
final class Tape<T> implements AutoCloseable {

    private final Symbol symbol;
    private final HistoryReader<T> reader;
    private final ToLongFunction<T> micros;
    private Optional<T> upcoming;

    private Tape(Symbol symbol, HistoryReader<T> reader, ToLongFunction<T> micros) {
        this.symbol = symbol;
        this.reader = reader;
        this.micros = micros;
        this.upcoming = read();
    }

    static Tape<Trade> ofTrades(HistoryFiles files, Symbol symbol) {
        return new Tape<>(symbol, files.trades(symbol), Trade::timeMicros);
    }

    static Tape<Candle> ofCandles(HistoryFiles files, Symbol symbol) {
        return new Tape<>(symbol, files.candles(symbol), candle -> Times.micros(candle.openTime()));
    }

    private Optional<T> read() {
        return reader.hasNext() ? Optional.of(reader.next()) : Optional.empty();
    }

    Symbol symbol() {
        return symbol;
    }

    boolean isOver() {
        return upcoming.isEmpty();
    }

    /** Leaves out what comes before {@code from}. */
    void skipTo(Instant from) {
        long fromMicros = Times.micros(from);
        while (upcoming.isPresent() && micros.applyAsLong(upcoming.get()) < fromMicros) {
            upcoming = read();
        }
    }

    /** Moves everything before {@code end} to a list. */
    void takeUntil(Instant end, List<? super T> taken) {
        long endMicros = Times.micros(end);
        while (upcoming.isPresent() && micros.applyAsLong(upcoming.get()) < endMicros) {
            taken.add(upcoming.get());
            upcoming = read();
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
