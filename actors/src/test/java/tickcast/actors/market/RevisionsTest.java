package tickcast.actors.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tickcast.actors.Scenes;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;

/** Which of two candles of one minute stays. */
class RevisionsTest {

    private static final Instant OPEN = Instant.parse("2026-01-05T12:00:00Z");
    private static final Candle WITH_FLOW = candle(101, 5, 0.1 + 0.2, 300.05, 7, 3, Quality.COMPLETE);
    private static final Candle WITHOUT_FLOW = candle(101, Double.NaN, 0.3, 301, 7, -1, Quality.REPAIRED);

    private static Candle candle(
            double close, double buyVolume, double volume, double notional, int trades, long id, Quality quality) {
        return new Candle(
                Scenes.BTC,
                OPEN,
                100,
                102,
                99,
                close,
                volume,
                notional,
                buyVolume,
                trades,
                id,
                id,
                quality,
                0,
                OPEN,
                false);
    }

    @Test
    void shouldKeepTheFlowWhenACandleWithoutItAgrees() {
        assertSame(WITH_FLOW, Revisions.settle(WITHOUT_FLOW, Optional.of(WITH_FLOW)));
        assertEquals(List.of(), Revisions.between(List.of(WITH_FLOW), List.of(WITHOUT_FLOW)));
    }

    @Test
    void shouldTakeTheFlowWhenItComes() {
        assertEquals(1, Revisions.settle(WITH_FLOW, Optional.of(WITHOUT_FLOW)).revision());
    }

    @Test
    void shouldBelieveACandleWithoutFlowThatDiffers() {
        Candle otherClose = candle(101.5, Double.NaN, 0.3, 301, 7, -1, Quality.REPAIRED);
        Candle moreTrades = candle(101, Double.NaN, 0.3, 301, 8, -1, Quality.REPAIRED);
        Candle moreVolume = candle(101, Double.NaN, 0.30001, 301, 7, -1, Quality.REPAIRED);
        for (Candle differing : List.of(otherClose, moreTrades, moreVolume)) {
            assertEquals(1, Revisions.settle(differing, Optional.of(WITH_FLOW)).revision());
        }
        Candle torn = candle(101, 5, 0.3, 300, 7, 3, Quality.PARTIAL);
        assertEquals(1, Revisions.settle(WITHOUT_FLOW, Optional.of(torn)).revision(), "whole beats torn");
    }
}
