package tickcast.model.feature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** A seeded random market for tests: volatility that comes and goes, empty minutes, gaps, late news. */
public final class MarketWalk {

    private final Symbol symbol;
    private final Random random;
    private double price;
    private double sigma = 0.0008;
    private int gapLeft;

    public MarketWalk(Symbol symbol, long seed, double price) {
        this.symbol = symbol;
        this.random = new Random(seed);
        this.price = price;
    }

    /** Consecutive candles from {@code start} on. */
    public List<Candle> candles(Instant start, int count) {
        List<Candle> candles = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            candles.add(next(start.plusSeconds(60L * i)));
        }
        return candles;
    }

    private Candle next(Instant openTime) {
        sigma = Math.min(0.01, Math.max(0.0001, sigma * Math.exp(0.1 * random.nextGaussian())));
        if (gapLeft == 0 && random.nextInt(700) == 0) {
            gapLeft = 1 + random.nextInt(40);
        }
        Instant closeTime = openTime.plusSeconds(60);
        if (gapLeft > 0) {
            gapLeft--;
            return random.nextInt(5) == 0
                    ? traded(openTime, Quality.PARTIAL)
                    : Candle.missing(symbol, openTime, price, closeTime);
        }
        return random.nextInt(8) == 0
                ? Candle.empty(symbol, openTime, price, closeTime)
                : traded(openTime, Quality.COMPLETE);
    }

    private Candle traded(Instant openTime, Quality quality) {
        double open = price * Math.exp(0.2 * sigma * random.nextGaussian());
        double close = open * Math.exp(sigma * random.nextGaussian());
        double high = Math.max(open, close) * Math.exp(0.5 * sigma * random.nextDouble());
        double low = Math.min(open, close) * Math.exp(-0.5 * sigma * random.nextDouble());
        double volume = Math.exp(random.nextGaussian());
        double bought = volume * random.nextDouble();
        int trades = 1 + random.nextInt(50);
        price = close;
        return new Candle(
                symbol,
                openTime,
                open,
                high,
                low,
                close,
                volume,
                volume * close,
                bought,
                trades,
                1,
                2,
                quality,
                0,
                openTime.plusSeconds(60),
                false);
    }

    /** News known at random instants from {@code start} on, about the symbol, the market and somebody else. */
    public List<Sentiment> news(Instant start, int minutes, int count) {
        List<Sentiment> items = new ArrayList<>();
        String[] subjects = {symbol.name(), Sentiment.MARKET_WIDE, "DOGE/USD"};
        for (int i = 0; i < count; i++) {
            Instant knownAt = start.plusMillis(random.nextInt(minutes * 60) * 1000L + random.nextInt(3));
            items.add(new Sentiment(
                    "news-" + i,
                    subjects[random.nextInt(3)],
                    2 * random.nextDouble() - 1,
                    random.nextDouble(),
                    "lexicon",
                    "",
                    "",
                    "",
                    knownAt,
                    knownAt));
        }
        return items;
    }
}
