package tickcast.streams.record;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/** Facts with every allowed oddity: NaN, unknown counts, ids beyond 2^53, the largest and smallest doubles, fine times. */
final class RandomFacts {

    private static final double[] ODD = {
        0.0,
        -0.0,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        0.1 + 0.2,
        9.007199254740993E15,
        1e21,
        1e-7,
        2e23
    };

    private static final String[] TEXTS = {
        "", "hack, stolen", "„Ünïcode“ 🔥 \"quoted\" \\ \n\u0000\u2028", "a".repeat(300)
    };
    private static final String[] SOURCES = {"kraken", "simulated", "replay-3fa10b", "simulated-7"};

    private final Random random;
    private String source = "kraken";

    RandomFacts(Random random) {
        this.random = random;
    }

    <T> Stamped<T> stamped(Function<RandomFacts, T> fact) {
        source = one(SOURCES);
        return new Stamped<>(fact.apply(this), source, random.nextBoolean() ? 0 : random.nextLong() >>> 1);
    }

    Candle candle() {
        return candle(orNaN());
    }

    Candle candle(double volume) {
        return new Candle(
                symbol(),
                Times.minuteOf(time()),
                finite(),
                finite(),
                finite(),
                finite(),
                volume,
                orNaN(),
                orNaN(),
                random.nextBoolean() ? -1 : random.nextInt(Integer.MAX_VALUE),
                random.nextBoolean() ? -1 : random.nextLong() >>> 1,
                random.nextBoolean() ? -1 : random.nextLong() >>> 1,
                one(Quality.values()),
                random.nextInt(2000),
                time(),
                random.nextBoolean());
    }

    FeatureVector features() {
        return new FeatureVector(
                symbol(),
                time(),
                time(),
                random.nextBoolean() ? FeatureSchema.current().hash() : "0123456789abcdef",
                IntStream.range(0, random.nextInt(90)).mapToDouble(i -> orNaN()).toArray(),
                orNaN(),
                orNaN(),
                one("", "SOL/USD", "SOL/USD,XRP/USD"));
    }

    Prediction prediction() {
        Status status = one(Status.values());
        Instant asOf = time();
        return new Prediction(
                symbol(),
                source.split("-")[0],
                asOf,
                time(),
                asOf.plus(Duration.ofMinutes(5)),
                orNaN(),
                orNaN(),
                orNaN(),
                IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> new Interval(0.8 + i * 0.15, orNaN(), orNaN()))
                        .toList(),
                orNaN(),
                one("17", Prediction.NAIVE),
                one("", "0123456789abcdef"),
                status,
                status == Status.LIVE ? null : one(Reason.values()),
                random.nextBoolean(),
                orNaN(),
                IntStream.range(0, random.nextInt(40)).mapToDouble(i -> orNaN()).toArray());
    }

    PredictionError error() {
        Prediction prediction = prediction();
        boolean scored = random.nextBoolean();
        return new PredictionError(
                prediction,
                time(),
                scored,
                scored ? null : PredictionError.NO_TARGET,
                orNaN(),
                scored ? random.nextInt(9) : -1,
                orNaN(),
                orNaN(),
                scored
                        ? prediction.intervals().stream()
                                .map(i -> random.nextBoolean())
                                .toList()
                        : List.of());
    }

    Sentiment sentiment() {
        return new Sentiment(
                "n" + random.nextInt(1000),
                one("*", "BTC/USD", "ETH/EUR"),
                orNaN(),
                orNaN(),
                one("lexicon", "llm"),
                one(TEXTS),
                one(TEXTS),
                one(TEXTS),
                time(),
                time());
    }

    private Symbol symbol() {
        return Symbol.parse(one("BTC/USD", "ETH/USD", "DOGE/USDT", "1INCH/EUR"));
    }

    private Instant time() {
        long second = random.nextInt(20) == 0 ? -5_000_000_000L : 1_700_000_000L + random.nextInt(100_000_000);
        int nanos = random.nextInt(1_000_000_000);
        return Instant.ofEpochSecond(second, one(0, nanos / 1_000_000 * 1_000_000, nanos / 1_000 * 1_000));
    }

    private double orNaN() {
        return random.nextInt(5) == 0 ? Double.NaN : finite();
    }

    private double finite() {
        if (random.nextBoolean()) {
            return ODD[random.nextInt(ODD.length)];
        }
        double any = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(any) ? any : 64000.1;
    }

    @SafeVarargs
    private <E> E one(E... of) {
        return of[random.nextInt(of.length)];
    }
}
