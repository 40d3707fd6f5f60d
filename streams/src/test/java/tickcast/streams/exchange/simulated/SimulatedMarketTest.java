package tickcast.streams.exchange.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

class SimulatedMarketTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Symbol XRP = Symbol.parse("XRP/USD");
    private static final Symbol RARE = Symbol.parse("WXYZ/EUR");
    private static final List<Symbol> SYMBOLS = List.of(BTC, ETH, XRP, RARE);
    private static final Instant START = Instant.parse("2026-01-05T23:00:00Z");
    private static final SimulatedMarket MARKET = market(7);

    private static SimulatedMarket market(long seed) {
        return new SimulatedMarket(SimulatedSettings.defaults().withSeed(seed), SYMBOLS);
    }

    @Test
    void shouldBeAFunctionOfSeedAndTime() {
        assertEquals(MARKET.trades(BTC, START), market(7).trades(BTC, START));
        assertNotEquals(MARKET.trades(BTC, START), market(8).trades(BTC, START));
    }

    @Test
    void shouldNotDependOnWhichOtherSymbolsThereAre() {
        SimulatedMarket alone = new SimulatedMarket(SimulatedSettings.defaults().withSeed(7), List.of(XRP));
        assertEquals(MARKET.trades(XRP, START), alone.trades(XRP, START));
    }

    @Test
    void shouldGiveTheSameTradesInTurnAndAtRandom() {
        SimulatedMarket.Walk walk = MARKET.walk(START);
        for (int minute = 0; minute < 120; minute++) {
            List<Trade> inTurn = walk.nextMinute();
            Instant openTime = START.plus(Duration.ofMinutes(minute));
            for (Symbol symbol : SYMBOLS) {
                List<Trade> own =
                        inTurn.stream().filter(t -> t.symbol().equals(symbol)).toList();
                assertEquals(MARKET.trades(symbol, openTime), own);
            }
        }
    }

    @Test
    void shouldNumberTradesWithoutAHoleAndInOrderOfTime() {
        for (Symbol symbol : SYMBOLS) {
            List<Trade> trades = trades(symbol, START, 200);
            for (int i = 1; i < trades.size(); i++) {
                assertEquals(trades.get(i - 1).id() + 1, trades.get(i).id());
                assertTrue(trades.get(i - 1).timeMicros() <= trades.get(i).timeMicros());
            }
        }
        assertEquals(1, trades(BTC, SimulatedMarket.EPOCH, 5).get(0).id());
    }

    @Test
    void shouldPriceInTicks() {
        assertTrue(trades(BTC, START, 30).stream().allMatch(t -> isWhole(t.price() * 10)));
        assertTrue(trades(XRP, START, 30).stream().allMatch(t -> isWhole(t.price() * 1e5)));
        assertTrue(trades(BTC, START, 30).stream().allMatch(t -> isWhole(t.quantity() * 1e8)));
    }

    private static boolean isWhole(double number) {
        return Math.abs(number - Math.rint(number)) < 1e-5;
    }

    @Test
    void shouldMakeTheCandlesOfItsTrades() {
        List<Candle> candles = MARKET.candles(BTC, START, START.plus(Duration.ofHours(3)));
        assertEquals(180, candles.size());
        for (Candle candle : candles) {
            List<Trade> trades = MARKET.trades(BTC, candle.openTime());
            assertEquals(trades.size(), candle.trades());
            assertTrue(candle.imported());
            assertEquals(candle.closeTime(), candle.knownAt());
            if (trades.isEmpty()) {
                assertEquals(Quality.EMPTY, candle.quality());
                continue;
            }
            assertEquals(trades.get(0).price(), candle.open());
            assertEquals(trades.get(trades.size() - 1).price(), candle.close());
            assertEquals(trades.get(0).id(), candle.firstTradeId());
            double bought = trades.stream()
                    .filter(t -> t.side() == Side.BUY)
                    .mapToDouble(Trade::quantity)
                    .sum();
            assertEquals(bought, candle.buyVolume(), 1e-9);
        }
    }

    @Test
    void shouldContinueCandlesAcrossRanges() {
        Instant middle = START.plus(Duration.ofMinutes(95));
        Instant end = START.plus(Duration.ofHours(5));
        for (Symbol symbol : SYMBOLS) {
            List<Candle> pieces = new ArrayList<>(MARKET.candles(symbol, START, middle));
            pieces.addAll(MARKET.candles(symbol, middle, end));
            assertEquals(MARKET.candles(symbol, START, end), pieces);
        }
    }

    @Test
    void shouldHaveQuietMinutes() {
        List<Candle> candles = MARKET.candles(RARE, START, START.plus(Duration.ofDays(1)));
        long empty = candles.stream().filter(c -> c.quality() == Quality.EMPTY).count();
        assertTrue(empty > 20 && empty < 1000, "empty minutes of a rare coin: " + empty);
    }

    @Test
    void shouldClusterArrivalsAndHaveBursts() {
        List<Trade> trades = trades(BTC, START, 600);
        double mean = 0;
        double square = 0;
        for (int i = 1; i < trades.size(); i++) {
            double gap = trades.get(i).timeMicros() - trades.get(i - 1).timeMicros();
            mean += gap / trades.size();
            square += gap * gap / trades.size();
        }
        double dispersion = (square - mean * mean) / (mean * mean);
        assertTrue(dispersion > 2, "squared variation of gaps, 1 if even: " + dispersion);
    }

    @Test
    void shouldHaveFatTailsClusteredVolatilityAndCommonMoves() {
        Returns btc = new Returns(BTC);
        Returns eth = new Returns(ETH);
        assertTrue(btc.kurtosis() > 6, "kurtosis " + btc.kurtosis());
        double clustering = correlation(btc.absolute(0), btc.absolute(1));
        assertTrue(clustering > 0.1, "correlation of neighbouring absolute returns " + clustering);
        double common = correlation(btc.values(), eth.values());
        assertTrue(common > 0.35 && common < 0.85, "correlation of BTC and ETH " + common);
        assertTrue(Math.abs(correlation(btc.lagged(0), btc.lagged(1))) < 0.04, "nearly no memory in returns");
        assertTrue(btc.deviation() > 3e-4 && btc.deviation() < 2e-3, "minute deviation " + btc.deviation());
    }

    private static final class Returns {
        private final double[] values;

        Returns(Symbol symbol) {
            List<Candle> candles = MARKET.candles(symbol, START, START.plus(Duration.ofDays(10)));
            values = new double[candles.size() - 1];
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.log(candles.get(i + 1).close() / candles.get(i).close());
            }
        }

        double[] values() {
            return values;
        }

        double[] lagged(int lag) {
            return Arrays.copyOfRange(values, lag, values.length - 1 + lag);
        }

        double[] absolute(int lag) {
            return Arrays.stream(lagged(lag)).map(Math::abs).toArray();
        }

        double deviation() {
            return Math.sqrt(Arrays.stream(values).map(r -> r * r).average().orElseThrow());
        }

        double kurtosis() {
            double fourth =
                    Arrays.stream(values).map(r -> r * r * r * r).average().orElseThrow();
            return fourth / Math.pow(deviation(), 4);
        }
    }

    static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    @Test
    void shouldBeSilentAboutTheTimeBeforeItsEpoch() {
        Instant before = SimulatedMarket.EPOCH.minusSeconds(60);
        assertThrows(IllegalArgumentException.class, () -> MARKET.trades(BTC, before));
        assertTrue(MARKET.candles(BTC, before, SimulatedMarket.EPOCH).isEmpty());
    }

    @Test
    void shouldRefuseUnknownSymbols() {
        assertThrows(IllegalArgumentException.class, () -> MARKET.trades(Symbol.parse("DOGE/USD"), START));
        assertFalse(MARKET.symbols().contains(Symbol.parse("DOGE/USD")));
    }

    private static List<Trade> trades(Symbol symbol, Instant from, int minutes) {
        List<Trade> trades = new ArrayList<>();
        for (int i = 0; i < minutes; i++) {
            trades.addAll(MARKET.trades(symbol, from.plus(Duration.ofMinutes(i))));
        }
        return trades;
    }
}
