package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tickcast.model.bench.StateSize;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

class StateSizeTest {

    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int MINUTES = 4000;

    @Test
    void shouldHoldAtMost24KibibytesForASymbolWithMuchNews() {
        MarketWalk walk = new MarketWalk(ETH, 1, 2000);
        FeatureExtractor extractor = new FeatureExtractor(ETH);
        CandleBuilder builder = new CandleBuilder(ETH);
        extractor.hear(walk.news(START.plusSeconds(60L * (MINUTES - 1440)), 1440, 600));
        long id = 0;
        for (Candle candle : walk.candles(START, MINUTES)) {
            extractor.update(candle);
            for (int i = 0; i < 100; i++) {
                id += i % 50 == 0 ? 2 : 1;
                long micros = Times.micros(candle.openTime()) + 600_000L * i;
                builder.add(new Trade(ETH, id, micros, candle.close(), 0.1, Side.BUY));
            }
            builder.close(candle.openTime(), Coverage.SEEN, candle.close(), candle.knownAt());
        }
        long bytes = StateSize.of(extractor, builder);
        assertTrue(bytes <= 24 * 1024, bytes + " bytes");
    }
}
