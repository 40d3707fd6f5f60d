package tickcast.streams.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** Records for archive tests; every field differs from every default. */
final class Records {

    static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    static final Duration HORIZON = Duration.ofMinutes(5);
    static final Symbol BTC = Symbol.parse("BTC/USD");
    static final Symbol ETH = Symbol.parse("ETH/USD");

    private Records() {}

    static Instant minute(int number) {
        return NOON.plus(Duration.ofMinutes(number));
    }

    static Candle candle(Symbol symbol, int minute, int revision, double close) {
        return new Candle(
                symbol,
                minute(minute),
                63990.2,
                64010.1,
                63988.3,
                close,
                1.2345678901234567,
                79012.34,
                Math.PI / 7,
                37,
                9_007_199_254_740_993L,
                9_007_199_254_741_029L,
                Quality.REPAIRED,
                revision,
                minute(minute + 1).plusNanos(41_123_000),
                true);
    }

    static FeatureVector vector(Symbol symbol, int asOf, String schemaHash, double... values) {
        return new FeatureVector(
                symbol,
                minute(asOf),
                minute(asOf).plusNanos(55_001_000),
                schemaHash,
                values,
                64000.1,
                0.00031,
                "SOL/USD,XRP/USD");
    }

    static Prediction live(Symbol symbol, int asOf, String version) {
        return prediction(symbol, asOf, version, Status.LIVE, null, true);
    }

    static Prediction shadow(Symbol symbol, int asOf, String version) {
        return prediction(symbol, asOf, version, Status.LIVE, null, false);
    }

    static Prediction fallback(Symbol symbol, int asOf) {
        return prediction(symbol, asOf, Prediction.NAIVE, Status.FALLBACK, Reason.NO_MODEL, true);
    }

    static Prediction prediction(
            Symbol symbol, int asOf, String version, Status status, Reason reason, boolean published) {
        return new Prediction(
                symbol,
                "kraken",
                minute(asOf),
                minute(asOf).plusNanos(41_123_000),
                minute(asOf).plus(HORIZON),
                64000.1,
                64004.7,
                0.0000719,
                List.of(new Interval(0.8, 63941.0, 64066.2), new Interval(0.95, 63890.4, 64117.9)),
                0.524,
                version,
                "0123456789abcdef",
                status,
                reason,
                published,
                0.0003125,
                new double[] {1.28, 1.9599, Double.MIN_VALUE});
    }

    static Prediction abstained(Symbol symbol, int asOf) {
        return new Prediction(
                symbol,
                "kraken",
                minute(asOf),
                minute(asOf).plusNanos(41_123_000),
                minute(asOf).plus(HORIZON),
                64000.1,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                Prediction.NAIVE,
                "0123456789abcdef",
                Status.ABSTAINED,
                Reason.GAP,
                true,
                Double.NaN,
                new double[0]);
    }

    static PredictionError error(Prediction prediction, double actual) {
        Instant target = prediction.targetTime();
        Candle candle = candle(prediction.symbol(), 0, 2, actual);
        Candle atTarget = new Candle(
                candle.symbol(),
                target.minus(Candle.INTERVAL),
                candle.open(),
                candle.high(),
                candle.low(),
                actual,
                candle.volume(),
                candle.notional(),
                candle.buyVolume(),
                candle.trades(),
                candle.firstTradeId(),
                candle.lastTradeId(),
                candle.quality(),
                candle.revision(),
                candle.knownAt(),
                candle.imported());
        return PredictionError.mature(prediction, atTarget, target.plusNanos(77_005_000));
    }

    static Sentiment sentiment(String newsId, String symbol, int knownAt, String scorer) {
        return new Sentiment(
                newsId,
                symbol,
                -0.25,
                0.625,
                scorer,
                "hack, stolen",
                "Exchange „Ünïcode“ was hacked 🔥",
                "https://example.test/" + newsId,
                minute(knownAt).minusSeconds(90),
                minute(knownAt).plusNanos(1_234_000));
    }
}
