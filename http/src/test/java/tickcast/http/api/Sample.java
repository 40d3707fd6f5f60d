package tickcast.http.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;
import tickcast.model.sentiment.Sentiment;

/** Records for tests. */
final class Sample {

    static final Symbol BTC = Symbol.parse("BTC/USD");
    static final Symbol ETH = Symbol.parse("ETH/USD");
    /** The contract's as-of. */
    static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    private Sample() {}

    static Instant minute(int offset) {
        return NOON.plus(Duration.ofMinutes(offset));
    }

    /** The contract's candle, shifted. */
    static Candle candle(Symbol symbol, int offset) {
        Instant open = minute(offset - 1);
        return new Candle(
                symbol,
                open,
                63990.2,
                64010.0,
                63988.1,
                64000.1,
                1.2345,
                79000,
                0.6,
                37,
                1,
                37,
                Quality.COMPLETE,
                0,
                open,
                false);
    }

    /** The contract's prediction, shifted. */
    static Prediction prediction(Symbol symbol, int offset) {
        return prediction(symbol, offset, "17", true);
    }

    static Prediction prediction(Symbol symbol, int offset, String version, boolean published) {
        return new Prediction(
                symbol,
                "kraken",
                minute(offset),
                minute(offset).plusMillis(41),
                minute(offset + 5),
                64000.1,
                64004.7,
                0.0000719,
                List.of(new Interval(0.8, 63941.0, 64066.2), new Interval(0.95, 63890.4, 64117.9)),
                0.524,
                version,
                "abcd",
                Status.LIVE,
                null,
                published,
                0.0004,
                new double[0]);
    }

    static Prediction abstained(Symbol symbol, int offset) {
        return new Prediction(
                symbol,
                "kraken",
                minute(offset),
                minute(offset),
                minute(offset + 5),
                64000.1,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                "naive",
                "abcd",
                Status.ABSTAINED,
                Reason.GAP,
                true,
                Double.NaN,
                new double[0]);
    }

    /** @param actual close of the target minute */
    static PredictionError error(Prediction prediction, double actual) {
        Candle like = candle(prediction.symbol(), 5);
        Candle target = new Candle(
                prediction.symbol(),
                prediction.targetTime().minus(Candle.INTERVAL),
                actual,
                actual,
                actual,
                actual,
                1,
                actual,
                0,
                1,
                1,
                1,
                Quality.COMPLETE,
                0,
                like.knownAt(),
                false);
        return PredictionError.mature(prediction, target, prediction.targetTime());
    }

    static FeatureVector features(Symbol symbol, int offset) {
        return new FeatureVector(
                symbol, minute(offset), minute(offset), "abcd", new double[] {0.5, Double.NaN}, 64000.1, 0.0004, "");
    }

    static Sentiment sentiment(String symbol, String id, Instant knownAt) {
        return new Sentiment(
                id,
                symbol,
                0.4,
                0.7,
                "lexicon",
                "surges",
                "Bitcoin surges",
                "https://news.example/" + id,
                knownAt,
                knownAt);
    }

    static ModelCard card(String version, ModelState state) {
        return new ModelCard(
                version,
                "kraken",
                state,
                "beat naive",
                NOON,
                NOON.minus(Duration.ofDays(30)),
                NOON,
                100_000,
                List.of("BTC/USD", "ETH/USD"),
                "minute-v1",
                "abcd",
                List.of("rsi"),
                5,
                Map.of("seed", "1"),
                Map.of("skill", 0.002, "skillLow", Double.NaN),
                true,
                "00ff");
    }
}
