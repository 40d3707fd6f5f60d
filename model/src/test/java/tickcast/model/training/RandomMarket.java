package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

/** Seeded candles of a fat-tailed random walk whose moves lean against the last one. */
final class RandomMarket {

    static final Instant START = Instant.parse("2024-03-01T00:00:00Z");

    private RandomMarket() {}

    static List<Candle> candles(Symbol symbol, Duration length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Candle> candles = new ArrayList<>();
        double close = 100;
        double move = 0;
        for (Instant open = START; open.isBefore(START.plus(length)); open = open.plus(Candle.INTERVAL)) {
            double before = close;
            move = 0.0005 * SyntheticRows.fatTailed(random) - 0.2 * move;
            close = before * Math.exp(move);
            double high = Math.max(before, close) * (1 + 0.0001 * random.nextDouble());
            double low = Math.min(before, close) * (1 - 0.0001 * random.nextDouble());
            candles.add(candle(symbol, open, before, high, low, close, 1 + random.nextDouble()));
        }
        return candles;
    }

    static Candle candle(
            Symbol symbol, Instant open, double first, double high, double low, double close, double volume) {
        Instant closeTime = open.plus(Candle.INTERVAL);
        return new Candle(
                symbol,
                open,
                first,
                high,
                low,
                close,
                volume,
                volume * close,
                volume / 2,
                10,
                -1,
                -1,
                Quality.COMPLETE,
                0,
                closeTime,
                false);
    }
}
