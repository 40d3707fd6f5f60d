package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tickcast.model.SharedData;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

/** A week of real candles: what candles can tell is known nearly always and keeps to a sane range. */
class RecordedHistoryTest {

    private static final Symbol XRP = Symbol.parse("XRP/USD");
    private static final int WEEK = 7 * 1440;
    private static final int WARM_FROM = 2 * 1440;

    @Test
    void shouldKnowWhatCandlesCanTell() throws IOException {
        FeatureExtractor extractor = new FeatureExtractor(XRP);
        int size = FeatureSchema.current().size();
        int[] known = new int[size];
        List<String> lines = SharedData.gzipLines(SharedData.require("history/2023-01/XRPUSD_1.csv.gz"));
        for (int row = 0; row < WEEK; row++) {
            extractor.update(candle(lines.get(row).split(",")));
            double[] values = extractor.vector(extractor.asOf()).values();
            for (int i = 0; i < size; i++) {
                String name = FeatureSchema.current().names().get(i);
                assertFalse(Double.isInfinite(values[i]) || Math.abs(values[i]) > 100, () -> name + " is out of range");
                known[i] += row >= WARM_FROM && !Double.isNaN(values[i]) ? 1 : 0;
            }
        }
        for (int i = 0; i < size; i++) {
            String name = FeatureSchema.current().names().get(i);
            boolean isTold =
                    !name.matches("takerFlow.*|trade(Share|Size).*|.*[sS]entiment.*|leader.*|panel.*|relative.*");
            assertTrue(!isTold || known[i] >= 0.99 * (WEEK - WARM_FROM), name + " is known " + known[i] + " times");
        }
        assertTrue(extractor.isWarm());
    }

    private static Candle candle(String[] cells) {
        Instant openTime = Instant.ofEpochSecond(Long.parseLong(cells[0]));
        double volume = Double.parseDouble(cells[5]);
        return new Candle(
                XRP,
                openTime,
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2]),
                Double.parseDouble(cells[3]),
                Double.parseDouble(cells[4]),
                volume,
                Double.NaN,
                Double.NaN,
                -1,
                -1,
                -1,
                volume > 0 ? Quality.COMPLETE : Quality.EMPTY,
                0,
                openTime.plusSeconds(60),
                true);
    }
}
