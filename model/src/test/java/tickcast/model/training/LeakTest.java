package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;
import tickcast.model.sentiment.Sentiment;

/** Whatever the future holds, it must not reach rows, models or predictions of before; and time must matter. */
class LeakTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant NOW = RandomMarket.START.plus(Duration.ofHours(32));
    private static final Instant END = NOW.plus(Duration.ofHours(3));
    private static final Instant TRAINED = RandomMarket.START.plus(Duration.ofDays(14));
    private static final List<Candle> BTC_CANDLES = RandomMarket.candles(BTC, Duration.ofDays(15), 1);
    private static final List<Candle> ETH_CANDLES = RandomMarket.candles(ETH, Duration.ofDays(15), 2);
    private static final TrainingSet HONEST = rows(List.of(), BTC_CANDLES, ETH_CANDLES, ServedVectors.NONE, NOW, NOW);
    private static final TrainingSettings QUICK =
            TrainingSettings.defaults(5).withMembers(List.of(Member.RIDGE, Member.SCALE));

    /** Where a value of the future can be planted. */
    private enum Kind {
        PRICES(candle -> with(candle, 10 * candle.close(), candle.volume(), candle.buyVolume(), candle.quality())),
        VOLUME(candle -> with(candle, candle.close(), 1e6, candle.buyVolume(), candle.quality())),
        TAKER_SIDE(candle -> with(candle, candle.close(), candle.volume(), candle.volume(), candle.quality())),
        QUALITY(candle -> with(candle, candle.close(), candle.volume(), candle.buyVolume(), Quality.PARTIAL)),
        ABSENCE(candle -> null),
        OTHER_SYMBOL(null),
        SENTIMENT(null),
        SERVED_VECTOR(null);

        private final UnaryOperator<Candle> poison;

        Kind(UnaryOperator<Candle> poison) {
            this.poison = poison;
        }
    }

    private static Candle with(Candle candle, double close, double volume, double buyVolume, Quality quality) {
        return new Candle(
                candle.symbol(),
                candle.openTime(),
                candle.open(),
                Math.max(close, candle.high()),
                candle.low(),
                close,
                volume,
                volume * close,
                buyVolume,
                candle.trades(),
                -1,
                -1,
                quality,
                0,
                candle.knownAt(),
                false);
    }

    private static List<Candle> poisonedFrom(Instant from, List<Candle> candles, UnaryOperator<Candle> poison) {
        List<Candle> poisoned = new ArrayList<>();
        for (Candle candle : candles) {
            Candle next = candle.closeTime().isAfter(from) ? poison.apply(candle) : candle;
            if (next != null) {
                poisoned.add(next);
            }
        }
        return poisoned;
    }

    /** The rows known at {@link #NOW}, by way of all that was ever recorded. */
    private static TrainingSet rows(
            List<Sentiment> news, List<Candle> btc, List<Candle> eth, ServedVectors served, Instant end, Instant now) {
        MarketHistory history =
                MarketHistory.of(Map.of(BTC, btc, ETH, eth), news).until(end);
        return new TrainingSetBuilder(5, served)
                .build(history, history.to(), Progress.SILENT)
                .knownAt(now);
    }

    private static TrainingSet rows(Kind kind, Instant from) {
        List<Candle> btc = kind.poison == null ? BTC_CANDLES : poisonedFrom(from, BTC_CANDLES, kind.poison);
        List<Candle> eth =
                kind == Kind.OTHER_SYMBOL ? poisonedFrom(from, ETH_CANDLES, Kind.PRICES.poison) : ETH_CANDLES;
        List<Sentiment> news = kind == Kind.SENTIMENT ? List.of(sentiment(from.plusMillis(1))) : List.of();
        ServedVectors served = kind == Kind.SERVED_VECTOR ? new Planted(from) : ServedVectors.NONE;
        return rows(news, btc, eth, served, END, NOW);
    }

    private static Sentiment sentiment(Instant knownAt) {
        return new Sentiment("1", BTC.name(), 0.9, 0.9, "lexicon", "", "Bitcoin soars", "", knownAt, knownAt);
    }

    /** A vector that was served at the first as-of after {@code from}. */
    private record Planted(Instant from) implements ServedVectors {

        @Override
        public List<FeatureVector> between(Symbol symbol, Instant begin, Instant end) {
            Instant asOf = from.plus(Candle.INTERVAL);
            double[] values = new double[HONEST.features().size()];
            Arrays.fill(values, 7);
            FeatureVector vector = new FeatureVector(symbol, asOf, asOf, HONEST.schemaHash(), values, 100, 0.002, "");
            return asOf.isBefore(begin) || !asOf.isBefore(end) ? List.of() : List.of(vector);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldNotSeeTheFuture(Kind kind) {
        assertEquals(HONEST.digest(), rows(kind, NOW).digest());
    }

    /** Otherwise the test above would hold for a pipeline that sees nothing at all. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void shouldSeeThePast(Kind kind) {
        assertNotEquals(
                HONEST.digest(), rows(kind, NOW.minus(Duration.ofHours(2))).digest());
    }

    @Test
    void shouldTrainTheSameModelWhateverComesLater() {
        List<Candle> poisoned = poisonedFrom(TRAINED, BTC_CANDLES, Kind.PRICES.poison);
        Instant later = TRAINED.plus(Duration.ofHours(3));
        TrainedModel honest = train(rows(List.of(), BTC_CANDLES, ETH_CANDLES, ServedVectors.NONE, TRAINED, TRAINED));
        TrainedModel planted = train(rows(List.of(), poisoned, ETH_CANDLES, ServedVectors.NONE, later, TRAINED));

        assertEquals(honest.card().digest(), planted.card().digest());
        assertEquals(honest.card().metrics(), planted.card().metrics());
    }

    /** Negative control: the same pipeline on labels of another time finds nothing. */
    @Test
    void shouldShowNoSkillWhenLabelsAreShiftedByThreeDays() {
        TrainingSet set = rows(List.of(), BTC_CANDLES, ETH_CANDLES, ServedVectors.NONE, TRAINED, TRAINED);
        TrainingSet whole = set.withLabels(set.labels());
        double[] labels = whole.labels();
        double[] shifted = new double[labels.length];
        int threeDays = 3 * 1440 * 2;
        for (int i = 0; i < labels.length; i++) {
            shifted[i] = labels[(i + threeDays) % labels.length];
        }
        TrainedModel real = train(whole);
        TrainedModel control = train(whole.withLabels(shifted));

        assertTrue(
                real.card().mayPromote(),
                () -> "a reversal is planted: " + real.card().metrics());
        assertFalse(
                control.card().mayPromote(), () -> "metrics " + control.card().metrics());
        assertTrue(control.card().metrics().get("skill") < 0.002);
        assertEquals(0.5, control.card().metrics().get("directionAccuracy"), 0.02);
    }

    private static TrainedModel train(TrainingSet set) {
        return new ModelTrainer(QUICK).train(set, "replay", TRAINED, Progress.SILENT);
    }
}
