package tickcast.model.indicator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where nothing moves or nothing trades, indicators are neutral or not warm, never infinite. */
class DeadMarketTest {

    private static final double PRICE = 0.1;

    @Test
    void shouldBeNeutralWhenThePriceNeverMoves() {
        assertEquals(50, afterFlat(new Rsi(14)));
        assertEquals(0, afterFlat(new Macd(12, 26, 9)), 1e-16);
        assertEquals(0, afterFlat(new RateOfChange(14)));
        assertEquals(0, afterFlat(new RollingDeviation(14)));
        assertEquals(PRICE, afterFlat(new Sma(20)));
        assertEquals(50, afterFlat(new Stochastic(14, 3, 3)));
        assertEquals(-50, afterFlat(new WilliamsR(14)));
        assertEquals(0, afterFlat(new Adx(14)));
        assertEquals(50, afterFlat(new Mfi(14)));
        assertEquals(0, afterFlat(new Cci(20)));
        assertEquals(0, afterFlat(new Atr(14)));
        BollingerBands bands = new BollingerBands(20, 2);
        afterFlat(bands);
        assertEquals(0.5, bands.position());
        assertEquals(0, bands.width());
    }

    @Test
    void shouldNotBeWarmWithoutVolume() {
        Vwap vwap = new Vwap();
        afterFlat(vwap);
        assertFalse(vwap.isWarm());
    }

    @Test
    void shouldStayFiniteWhenLifeAndDeathAlternate() {
        List<BarIndicator> indicators = List.of(
                new Atr(14),
                new Adx(14),
                new Mfi(14),
                new Cci(20),
                new WilliamsR(14),
                new Stochastic(14, 3, 3),
                new Obv(),
                new Vwap());
        List<PriceIndicator> ofPrices = List.of(
                new Rsi(14), new Macd(12, 26, 9), new BollingerBands(20, 2), new RollingDeviation(14), new Wma(14));
        Random random = new Random(5);
        double close = 100;
        for (int i = 0; i < 20_000; i++) {
            boolean isDead = (i / 500) % 2 == 0;
            close *= isDead ? 1 : Math.exp(random.nextGaussian() * 0.02);
            double high = isDead ? close : close * 1.001;
            double volume = isDead ? 0 : random.nextDouble();
            for (BarIndicator indicator : indicators) {
                indicator.update(high, close, close, volume);
                assertTrue(!indicator.isWarm() || Double.isFinite(indicator.value()));
            }
            for (PriceIndicator indicator : ofPrices) {
                indicator.update(close);
                assertTrue(!indicator.isWarm() || Double.isFinite(indicator.value()));
            }
        }
    }

    @Test
    void shouldForgetWhatLeftTheWindowBitForBit() {
        Random random = new Random(6);
        Sma early = new Sma(20);
        Cci earlyCci = new Cci(20);
        Sma late = new Sma(20);
        Cci lateCci = new Cci(20);
        for (int i = 0; i < 1000; i++) {
            double price = 100 + random.nextGaussian();
            early.update(price);
            earlyCci.update(price + 1, price - 1, price, 1);
            if (i >= 973) {
                late.update(price);
                lateCci.update(price + 1, price - 1, price, 1);
            }
        }
        assertEquals(early.value(), late.value());
        assertEquals(earlyCci.value(), lateCci.value());
    }

    private static double afterFlat(PriceIndicator indicator) {
        for (int i = 0; i < 100; i++) {
            indicator.update(PRICE);
        }
        return indicator.value();
    }

    private static double afterFlat(BarIndicator indicator) {
        for (int i = 0; i < 100; i++) {
            indicator.update(PRICE, PRICE, PRICE, 0);
        }
        return indicator.value();
    }
}
