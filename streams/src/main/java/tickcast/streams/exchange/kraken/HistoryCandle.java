package tickcast.streams.exchange.kraken;

import java.time.Instant;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

/** One row of REST {@code OHLC}. */
record HistoryCandle(
        Instant openTime, double open, double high, double low, double close, double vwap, double volume, int trades) {

    /** As a candle of imported history: no flow, no ids; an untraded minute is EMPTY. */
    Candle toCandle(Symbol symbol) {
        boolean traded = trades > 0 && volume > 0;
        return new Candle(
                symbol,
                openTime,
                traded ? open : close,
                traded ? high : close,
                traded ? low : close,
                close,
                traded ? volume : 0,
                traded ? vwap * volume : 0,
                traded ? Double.NaN : 0,
                traded ? trades : 0,
                -1,
                -1,
                traded ? Quality.REPAIRED : Quality.EMPTY,
                0,
                openTime.plus(Candle.INTERVAL),
                true);
    }
}
