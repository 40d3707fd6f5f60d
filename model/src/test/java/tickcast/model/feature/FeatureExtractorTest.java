package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

class FeatureExtractorTest {

    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final int DAY = 1440;
    private static final Instant START = Instant.parse("2026-01-05T07:13:00Z");
    private static final Instant MIDNIGHT = Instant.parse("2026-01-05T00:00:00Z");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldEqualARebuildFromTheRecursionsStartBitForBit(long seed) {
        MarketWalk walk = new MarketWalk(ETH, seed, 2000);
        List<Candle> candles = walk.candles(START, 6 * DAY);
        List<Sentiment> news = walk.news(START, 6 * DAY, 400);
        Set<Integer> checks = checks(new Random(seed));
        FeatureExtractor live = new FeatureExtractor(ETH);
        live.hear(news);
        for (int i = 0; i < candles.size(); i++) {
            live.update(candles.get(i));
            if (checks.contains(i)) {
                assertRebuilt(live, candles.subList(0, i + 1), news);
            }
        }
    }

    /** Indices of candles: both sides of every midnight from the third day on, and some between. */
    private static Set<Integer> checks(Random random) {
        Set<Integer> checks = new TreeSet<>();
        int firstMidnight = DAY - (7 * 60 + 13);
        for (int day = 1; day < 5; day++) {
            int lastOfDay = firstMidnight + day * DAY - 1;
            for (int offset : new int[] {0, 1, 2, 700, 719, 720, 721, 1438, 1439}) {
                checks.add(lastOfDay + offset);
            }
            checks.add(lastOfDay + random.nextInt(DAY));
        }
        return checks;
    }

    private static void assertRebuilt(FeatureExtractor live, List<Candle> candles, List<Sentiment> news) {
        Instant asOf = live.asOf();
        List<Sentiment> shuffled = new ArrayList<>(news);
        Collections.shuffle(shuffled, new Random(asOf.toEpochMilli()));
        FeatureExtractor rebuilt = new FeatureExtractor(ETH);
        candles.stream()
                .filter(candle -> !candle.openTime().isBefore(Times.recursionStart(asOf)))
                .forEach(rebuilt::update);
        rebuilt.hear(shuffled);
        rebuilt.hear(news);
        assertTrue(live.isWarm(), () -> "not warm at " + asOf);
        assertTrue(rebuilt.isWarm(), () -> "rebuilt is not warm at " + asOf);
        assertEquals(asOf, rebuilt.asOf());
        assertEquals(live.volatility(), rebuilt.volatility());
        assertEquals(live.hasGap(), rebuilt.hasGap());
        assertEquals(live.lastPrice(), rebuilt.lastPrice());
        assertArrayEquals(live.vector(asOf).values(), rebuilt.vector(asOf).values(), () -> "at " + asOf);
    }

    @Test
    void shouldBeWarmExactlyWhenBegunAtTheRecursionsStart() {
        assertWarmAfter(MIDNIGHT, DAY - 1, false);
        assertWarmAfter(MIDNIGHT, DAY, true);
        assertWarmAfter(MIDNIGHT, 2 * DAY - 1, true);
        assertWarmAfter(MIDNIGHT, 2 * DAY, true);
        assertWarmAfter(MIDNIGHT.plusSeconds(60), 2 * DAY - 2, false);
        assertWarmAfter(MIDNIGHT.plusSeconds(60), 2 * DAY - 1, true);
        assertWarmAfter(MIDNIGHT.minusSeconds(60), DAY, false);
        assertWarmAfter(MIDNIGHT.minusSeconds(60), DAY + 1, true);
    }

    private static void assertWarmAfter(Instant start, int minutes, boolean expected) {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        new MarketWalk(ETH, 1, 100).candles(start, minutes).forEach(extractor::update);
        assertEquals(minutes, extractor.minutesKnown());
        assertEquals(expected, extractor.isWarm(), () -> minutes + " minutes from " + start);
    }

    @Test
    void shouldNeverBeInfiniteAndKnowEverythingOnceWarm() {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        for (Candle candle : new MarketWalk(ETH, 4, 0.0001).candles(START, 3 * DAY)) {
            extractor.update(candle);
            double[] values = extractor.vector(candle.knownAt()).values();
            for (int i = 0; i < values.length; i++) {
                assertFalse(
                        Double.isInfinite(values[i]),
                        FeatureSchema.current().names().get(i));
                assertTrue(
                        Double.isNaN(values[i]) || Math.abs(values[i]) < 1000,
                        FeatureSchema.current().names().get(i));
            }
        }
    }

    @Test
    void shouldSurviveADeadMarketAndItsAwakening() {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        for (int i = 0; i < 3 * DAY; i++) {
            Instant openTime = START.plusSeconds(60L * i);
            extractor.update(Candle.empty(ETH, openTime, 0.1, openTime.plusSeconds(60)));
            double[] values = extractor.vector(openTime).values();
            for (double value : values) {
                assertFalse(Double.isInfinite(value));
            }
        }
        assertEquals(0, extractor.volatility());
        assertEquals(0, feature(extractor, "rsi14"));
        assertTrue(Double.isNaN(feature(extractor, "return5")));
        assertTrue(Double.isNaN(feature(extractor, "vwapDistance60")));
        Instant openTime = START.plusSeconds(60L * 3 * DAY);
        extractor.update(Candle.empty(ETH, openTime, 0.2, openTime));
        assertTrue(Math.abs(feature(extractor, "return1")) < 15);
        assertTrue(extractor.volatility() > 0);
    }

    @Test
    void shouldSayNothingThatLaterCandlesOrLaterNewsCouldChange() {
        MarketWalk walk = new MarketWalk(ETH, 8, 2000);
        List<Candle> candles = walk.candles(START, 2 * DAY);
        List<Sentiment> news = walk.news(START, 2 * DAY, 100);
        FeatureExtractor knowing = new FeatureExtractor(ETH);
        knowing.hear(news);
        FeatureExtractor ignorant = new FeatureExtractor(ETH);
        for (Candle candle : candles) {
            knowing.update(candle);
            ignorant.update(candle);
            ignorant.hear(news.stream()
                    .filter(item -> !item.knownAt().isAfter(candle.closeTime()))
                    .filter(item -> item.knownAt().isAfter(candle.openTime()))
                    .toList());
            assertArrayEquals(
                    ignorant.vector(START).values(), knowing.vector(START).values());
        }
    }

    @Test
    void shouldNotDependOnThePriceLevelOrTheUnitOfVolume() {
        FeatureExtractor small = new FeatureExtractor(ETH);
        FeatureExtractor large = new FeatureExtractor(ETH);
        for (Candle candle : new MarketWalk(ETH, 9, 2000).candles(MIDNIGHT, 2 * DAY)) {
            small.update(candle);
            large.update(scaled(candle, 1000, 50));
        }
        assertArrayEquals(small.vector(START).values(), large.vector(START).values(), 1e-7);
    }

    private static Candle scaled(Candle candle, double price, double volume) {
        return new Candle(
                candle.symbol(),
                candle.openTime(),
                candle.open() * price,
                candle.high() * price,
                candle.low() * price,
                candle.close() * price,
                candle.volume() * volume,
                candle.notional() * price * volume,
                candle.buyVolume() * volume,
                candle.trades(),
                candle.firstTradeId(),
                candle.lastTradeId(),
                candle.quality(),
                0,
                candle.knownAt(),
                false);
    }

    @Test
    void shouldExpectTheVolatilityOfTheLastHoursAndTheLastDay() {
        List<Candle> candles = new MarketWalk(ETH, 10, 2000)
                .candles(MIDNIGHT, 2000).stream()
                        .map(candle -> candle.quality() == Quality.PARTIAL
                                ? Candle.empty(ETH, candle.openTime(), candle.close(), candle.knownAt())
                                : candle)
                        .toList();
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        candles.forEach(extractor::update);
        double variance = 0.7 * ewma(candles, 120) + 0.3 * ewma(candles, 1440);
        assertEquals(Math.sqrt(variance), extractor.volatility(), 1e-12);
    }

    private static double ewma(List<Candle> candles, int length) {
        double sum = 0;
        double weights = 0;
        double weight = 1;
        for (int i = candles.size() - 1; i > 0; i--) {
            double logReturn =
                    Math.log(candles.get(i).close() / candles.get(i - 1).close());
            sum += weight * logReturn * logReturn;
            weights += weight;
            weight *= 1 - 2.0 / (length + 1);
        }
        return sum / weights;
    }

    @Test
    void shouldTellAGapForAnHour() {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        extractor.update(Candle.empty(ETH, START, 7, START));
        assertFalse(extractor.hasGap());
        extractor.update(Candle.missing(ETH, START.plusSeconds(60), 7, START));
        for (int i = 2; i < 61; i++) {
            assertTrue(extractor.hasGap());
            extractor.update(Candle.empty(ETH, START.plusSeconds(60L * i), 7, START));
        }
        assertTrue(extractor.hasGap());
        extractor.update(Candle.empty(ETH, START.plusSeconds(60L * 61), 7, START));
        assertFalse(extractor.hasGap());
    }

    @Test
    void shouldLetABridgeSayNothingAboutVolatility() {
        FeatureExtractor bridged = new FeatureExtractor(ETH);
        FeatureExtractor seen = new FeatureExtractor(ETH);
        for (FeatureExtractor extractor : List.of(bridged, seen)) {
            for (int i = 0; i < 200; i++) {
                double price = i % 2 == 0 ? 100 : 101;
                extractor.update(Candle.empty(ETH, START.plusSeconds(60L * i), price, START));
            }
        }
        double before = bridged.volatility();
        for (int i = 200; i < 260; i++) {
            bridged.update(Candle.missing(ETH, START.plusSeconds(60L * i), 101, START));
            seen.update(Candle.empty(ETH, START.plusSeconds(60L * i), 101, START));
        }
        assertEquals(before, bridged.volatility());
        assertTrue(seen.volatility() < 0.9 * before);
        bridged.update(Candle.empty(ETH, START.plusSeconds(60L * 260), 101 * Math.exp(before * Math.sqrt(61)), START));
        assertEquals(before, bridged.volatility(), 1e-6);
    }

    @Test
    void shouldNotKnowTheFlowWhenTheSourceDoesNot() {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        for (int i = 0; i < 100; i++) {
            Instant openTime = START.plusSeconds(60L * i);
            extractor.update(new Candle(
                    ETH,
                    openTime,
                    100,
                    102,
                    99,
                    101,
                    5,
                    Double.NaN,
                    Double.NaN,
                    -1,
                    -1,
                    -1,
                    Quality.COMPLETE,
                    0,
                    openTime,
                    true));
        }
        for (String name : List.of("takerFlow1", "takerFlow60", "tradeShare1", "tradeSizeRatio5")) {
            assertTrue(Double.isNaN(feature(extractor, name)), name);
        }
        assertEquals(0.5, feature(extractor, "volumeShare5"));
        assertEquals(1.0 / 3, feature(extractor, "body"), 1e-15);
    }

    @Test
    void shouldRefuseHolesStrangersAndNonsense() {
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        assertThrows(IllegalStateException.class, extractor::asOf);
        assertThrows(IllegalStateException.class, () -> extractor.vector(START));
        extractor.update(Candle.empty(ETH, START, 7, START));
        Candle later = Candle.empty(ETH, START.plusSeconds(120), 7, START);
        Candle stranger = Candle.empty(Symbol.parse("BTC/USD"), START.plusSeconds(60), 7, START);
        Candle nonsense = Candle.empty(ETH, START.plusSeconds(60), Double.NaN, START);
        assertThrows(IllegalArgumentException.class, () -> extractor.update(later));
        assertThrows(IllegalArgumentException.class, () -> extractor.update(stranger));
        assertThrows(IllegalArgumentException.class, () -> extractor.update(nonsense));
        extractor.update(Candle.empty(ETH, START.plusSeconds(60), 7, START));
        assertEquals(START.plusSeconds(120), extractor.asOf());
    }

    private static double feature(FeatureExtractor extractor, String name) {
        return extractor.vector(START).values()[FeatureSchema.current().indexOf(name)];
    }
}
