package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureVector;
import tickcast.model.feature.Panel;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

class TrainingSetBuilderTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant START = RandomMarket.START;
    private static final Duration LENGTH = Duration.ofHours(30);
    private static final Instant END = START.plus(LENGTH);
    private static final int HORIZON = 5;
    private static final List<Candle> BTC_CANDLES = RandomMarket.candles(BTC, LENGTH, 1);
    private static final List<Candle> ETH_CANDLES = RandomMarket.candles(ETH, LENGTH, 2);

    private static TrainingSet build(List<Candle> btc, List<Candle> eth, List<Sentiment> news, Instant now) {
        return new TrainingSetBuilder(HORIZON, ServedVectors.NONE)
                .build(MarketHistory.of(Map.of(BTC, btc, ETH, eth), news), now, Progress.SILENT);
    }

    private static TrainingSet build(Instant now) {
        return build(BTC_CANDLES, ETH_CANDLES, List.of(), now);
    }

    @Test
    void shouldTakeWarmRowsWithTheLabelThatCameLater() {
        TrainingSet set = build(END);

        assertEquals(START.plus(Duration.ofDays(1)), set.asOf(0), "warm after a whole day");
        assertEquals(END.minus(Duration.ofMinutes(HORIZON)), set.asOf(set.rows() - 1));
        assertEquals(2 * (6 * 60 - HORIZON + 1), set.rows());
        assertEquals(BTC, set.symbol(0));
        assertEquals(ETH, set.symbol(1));
        for (int row = 0; row < set.rows(); row++) {
            List<Candle> candles = set.symbol(row).equals(BTC) ? BTC_CANDLES : ETH_CANDLES;
            int minute = (int) Duration.between(START, set.asOf(row)).toMinutes();
            double last = candles.get(minute - 1).close();
            double target = candles.get(minute - 1 + HORIZON).close();
            assertEquals(last, set.lastPrice(row));
            assertEquals(Math.log(target / last), set.label(row), 1e-12);
        }
    }

    @Test
    void shouldServeTheFeaturesThatTheLiveCodeComputes() {
        TrainingSet set = build(END);
        FeatureExtractor btc = new FeatureExtractor(BTC);
        FeatureExtractor eth = new FeatureExtractor(ETH);
        Instant asOf = START.plus(Duration.ofHours(26));
        BTC_CANDLES.stream().filter(candle -> !candle.closeTime().isAfter(asOf)).forEach(btc::update);
        ETH_CANDLES.stream().filter(candle -> !candle.closeTime().isAfter(asOf)).forEach(eth::update);
        List<FeatureVector> live = Panel.join(List.of(btc.vector(asOf), eth.vector(asOf)), Set.of(BTC, ETH));

        int row = set.rowAt(asOf);
        for (int i = 0; i < 2; i++) {
            assertEquals(live.get(i).volatility(), set.volatility(row + i));
            for (int j = 0; j < set.features().size(); j++) {
                assertEquals(
                        (float) live.get(i).values()[j],
                        set.value(row + i, j),
                        set.features().get(j));
            }
        }
    }

    @Test
    void shouldBeTheSameFromTruncatedHistory() {
        Instant now = START.plus(Duration.ofHours(27)).plusSeconds(30);

        assertEquals(
                build(now).digest(), build(END).knownAt(Times.minuteOf(now)).digest());
    }

    @Test
    void shouldNotSeeTheFutureInAnyKindOfInput() {
        Instant now = START.plus(Duration.ofHours(27));
        List<Candle> poisoned = new ArrayList<>();
        for (Candle candle : BTC_CANDLES) {
            poisoned.add(
                    candle.closeTime().isAfter(now)
                            ? RandomMarket.candle(BTC, candle.openTime(), 900, 1000, 800, 999, 1e6)
                            : candle);
        }
        Sentiment heardLater = sentiment(now.plusSeconds(1));

        TrainingSet honest = build(BTC_CANDLES, ETH_CANDLES, List.of(), now);
        TrainingSet planted = build(poisoned, ETH_CANDLES, List.of(heardLater), now);

        assertEquals(honest.digest(), planted.digest());
        assertEquals(honest.historyTo(), planted.historyTo());
    }

    @Test
    void shouldHearNewsFromItsKnownAtOnOnly() {
        Instant heard = START.plus(Duration.ofHours(27)).plusSeconds(20);
        TrainingSet silent = build(END);
        TrainingSet hearing = build(BTC_CANDLES, ETH_CANDLES, List.of(sentiment(heard)), END);

        assertEquals(
                silent.before(heard.plusSeconds(40)).digest(),
                hearing.before(heard.plusSeconds(40)).digest());
        assertNotEquals(silent.since(heard).digest(), hearing.since(heard).digest());
    }

    @Test
    void shouldLeaveOutWhatHolesTouch() {
        Instant hole = START.plus(Duration.ofHours(26));
        List<Candle> holed = new ArrayList<>(BTC_CANDLES);
        holed.removeIf(candle -> candle.openTime().equals(hole));
        TrainingSet set = build(holed, ETH_CANDLES, List.of(), END);

        Instant closed = hole.plus(Candle.INTERVAL);
        List<Instant> missing = new ArrayList<>();
        for (Instant asOf = START.plus(Duration.ofDays(1)); !asOf.isAfter(set.asOf(set.rows() - 1)); ) {
            boolean present = set.symbol(set.rowAt(asOf)).equals(BTC);
            if (!present) {
                missing.add(asOf);
            }
            asOf = asOf.plus(Candle.INTERVAL);
        }
        assertEquals(61, missing.size());
        assertEquals(closed.minus(Duration.ofMinutes(HORIZON)), missing.get(0), "its target is the hole");
        assertEquals(closed, missing.get(1), "the hole lies within the last hour");
        assertEquals(closed.plus(Duration.ofMinutes(59)), missing.get(60));
    }

    @Test
    void shouldTakeTheVectorThatWasServed() {
        Instant asOf = START.plus(Duration.ofHours(26));
        TrainingSet recomputed = build(END);
        FeatureVector served = vector(recomputed, asOf, recomputed.schemaHash());
        FeatureVector otherSchema = vector(recomputed, asOf.plus(Candle.INTERVAL), "cafe");
        ServedVectors archive = (symbol, from, to) -> symbol.equals(BTC)
                ? List.of(served, otherSchema).stream()
                        .filter(vector ->
                                !vector.asOf().isBefore(from) && vector.asOf().isBefore(to))
                        .toList()
                : List.of();

        TrainingSet set = new TrainingSetBuilder(HORIZON, archive)
                .build(MarketHistory.of(Map.of(BTC, BTC_CANDLES, ETH, ETH_CANDLES), List.of()), END, Progress.SILENT);

        int row = set.rowAt(asOf);
        assertEquals(recomputed.rows(), set.rows());
        assertEquals(0.25f, set.value(row, 0));
        assertEquals(0.002, set.volatility(row));
        assertEquals(recomputed.value(row + 1, 0), set.value(row + 1, 0));
        assertEquals(recomputed.value(row + 2, 0), set.value(row + 2, 0), "another schema says other things");
    }

    @Test
    void shouldLeaveOutDeadMarkets() {
        List<Candle> dead = new ArrayList<>();
        for (Candle candle : BTC_CANDLES) {
            dead.add(Candle.empty(BTC, candle.openTime(), 100, candle.closeTime()));
        }
        TrainingSet set = build(dead, ETH_CANDLES, List.of(), END);

        for (int row = 0; row < set.rows(); row++) {
            assertEquals(ETH, set.symbol(row));
        }
        assertFalse(set.rows() == 0);
    }

    @Test
    void shouldRefuseCandlesOutOfOrder() {
        List<Candle> turned = List.of(BTC_CANDLES.get(1), BTC_CANDLES.get(0));

        assertThrows(IllegalArgumentException.class, () -> MarketHistory.of(Map.of(BTC, turned), List.of()));
        assertThrows(
                NotEnoughHistory.class,
                () -> new TrainingSetBuilder(HORIZON, ServedVectors.NONE)
                        .build(MarketHistory.of(Map.of(), List.of()), END, Progress.SILENT));
        assertTrue(MarketHistory.of(Map.of(BTC, List.of()), List.of()).candles().isEmpty());
    }

    private static FeatureVector vector(TrainingSet like, Instant asOf, String schemaHash) {
        double[] values = new double[like.features().size()];
        java.util.Arrays.fill(values, 0.25);
        double last = like.lastPrice(like.rowAt(asOf));
        return new FeatureVector(BTC, asOf, asOf, schemaHash, values, last, 0.002, "");
    }

    private static Sentiment sentiment(Instant knownAt) {
        return new Sentiment("1", BTC.name(), 0.9, 0.9, "lexicon", "", "Bitcoin soars", "", knownAt, knownAt);
    }
}
