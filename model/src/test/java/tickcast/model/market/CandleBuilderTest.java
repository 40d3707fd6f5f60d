package tickcast.model.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tickcast.model.market.CandleBuilder.Outcome;

class CandleBuilderTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Instant KNOWN = NOON.plusSeconds(3600);

    private final CandleBuilder builder = new CandleBuilder(BTC);

    @Test
    void shouldSumUpAMinute() {
        builder.add(trade(1, 0.0, 100, 1, Side.BUY));
        builder.add(trade(2, 10, 103, 0.5, Side.SELL));
        builder.add(trade(3, 20, 99, 0.25, Side.BUY));
        builder.add(trade(4, 59.999999, 101, 0.1, Side.SELL));
        builder.add(trade(5, 60, 500, 1, Side.BUY));

        Candle candle = builder.close(NOON, Coverage.SEEN, Double.NaN, KNOWN).orElseThrow();

        double notional = 100 + 51.5 + 24.75 + 10.1;
        assertEquals(
                new Candle(
                        BTC, NOON, 100, 103, 99, 101, 1.85, notional, 1.25, 4, 1, 4, Quality.COMPLETE, 0, KNOWN, false),
                candle);
    }

    @Test
    void shouldOpenAndCloseByTimeThenId() {
        builder.add(trade(9, 30, 103, 1, Side.BUY));
        builder.add(trade(8, 30, 102, 1, Side.BUY));
        builder.add(trade(5, 5, 100, 1, Side.BUY));
        builder.add(trade(4, 5, 99, 1, Side.BUY));
        Candle candle = builder.close(NOON, Coverage.SEEN, Double.NaN, KNOWN).orElseThrow();
        assertEquals(99, candle.open());
        assertEquals(103, candle.close());
    }

    @Test
    void shouldNotKnowTheFlowWhenASideIsUnknown() {
        builder.add(trade(1, 1, 100, 1, Side.BUY));
        builder.add(trade(2, 2, 100, 1, Side.UNKNOWN));
        Candle candle = builder.close(NOON, Coverage.SEEN, Double.NaN, KNOWN).orElseThrow();
        assertTrue(Double.isNaN(candle.buyVolume()));
        assertEquals(2, candle.volume());
    }

    @Test
    void shouldKeepSeveralMinutesOpen() {
        assertEquals(Outcome.ADDED, builder.add(trade(2, 61, 200, 1, Side.BUY)));
        assertEquals(Outcome.ADDED, builder.add(trade(1, 1, 100, 1, Side.BUY)));
        assertEquals(100, close(0).open());
        assertEquals(Outcome.ADDED, builder.add(trade(3, 62, 201, 1, Side.BUY)));
        assertEquals(201, close(1).close());
    }

    @Test
    void shouldTakeQualityFromCoverage() {
        builder.add(trade(1, 1, 100, 1, Side.BUY));
        builder.add(trade(2, 61, 100, 1, Side.BUY));
        builder.add(trade(3, 121, 100, 1, Side.BUY));
        assertEquals(Quality.COMPLETE, close(0, Coverage.SEEN).quality());
        assertEquals(Quality.REPAIRED, close(1, Coverage.FILLED).quality());
        assertEquals(Quality.PARTIAL, close(2, Coverage.UNSURE).quality());
        assertEquals(Quality.EMPTY, close(3, Coverage.SEEN).quality());
        assertEquals(Quality.EMPTY, close(4, Coverage.FILLED).quality());
        assertEquals(Quality.PARTIAL, close(5, Coverage.UNSURE).quality());
    }

    @Test
    void shouldBeFlatWithoutTrades() {
        assertEquals(Optional.empty(), builder.close(NOON, Coverage.SEEN, Double.NaN, KNOWN));
        assertEquals(
                Candle.empty(BTC, NOON.plusSeconds(60), 7, KNOWN),
                builder.close(NOON.plusSeconds(60), Coverage.SEEN, 7, KNOWN).orElseThrow());
    }

    @Test
    void shouldReviseARememberedMinute() {
        builder.add(trade(1, 1, 100, 1, Side.BUY));
        close(0);
        close(1);
        assertEquals(Optional.empty(), revise(1));
        assertEquals(Outcome.LATE, builder.add(trade(3, 61, 105, 1, Side.BUY)));
        assertEquals(Outcome.LATE, builder.add(trade(2, 2, 101, 1, Side.BUY)));
        assertEquals(Outcome.DUPLICATE, builder.add(trade(2, 2, 101, 1, Side.BUY)));
        assertEquals(101, revise(0).orElseThrow().close());
        assertEquals(105, revise(1).orElseThrow().close());
    }

    @Test
    void shouldForgetOldMinutesButKnowTheirTrades() {
        for (int minute = 0; minute < 20; minute++) {
            builder.add(trade(2L * minute, 60 * minute, 100, 1, Side.BUY));
            close(minute);
        }
        assertEquals(Outcome.TOO_LATE, builder.add(trade(5, 60 * 2 + 30, 100, 1, Side.BUY)));
        assertEquals(Outcome.DUPLICATE, builder.add(trade(4, 60 * 2, 100, 1, Side.BUY)));
        assertEquals(Outcome.LATE, builder.add(trade(31, 60 * 15 + 30, 100, 1, Side.BUY)));
        assertEquals(Outcome.TOO_LATE, builder.add(trade(29, 60 * 14 + 30, 100, 1, Side.BUY)));
        assertEquals(Optional.empty(), revise(14));
        assertEquals(Quality.PARTIAL, close(3).quality());
    }

    @Test
    void shouldNotClaimMinutesFromBeforeItBegan() {
        close(10);
        assertEquals(Outcome.TOO_LATE, builder.add(trade(1, 60 * 9, 100, 1, Side.BUY)));
        assertEquals(Outcome.LATE, builder.add(trade(2, 60 * 10, 100, 1, Side.BUY)));
    }

    @Test
    void shouldGiveTheSameCandleWhenClosedAgain() {
        builder.add(trade(1, 1, 100, 1, Side.BUY));
        assertEquals(close(0), close(0));
        close(1);
        assertEquals(100, close(0).close());
    }

    @Test
    void shouldKnowARepeatedTradeWhoseTimeMovedOverTheMinute() {
        builder.add(trade(1, 59.9999, 100, 1, Side.BUY));
        assertEquals(Outcome.DUPLICATE, builder.add(trade(1, 60, 100, 1, Side.BUY)));
        builder.add(trade(2, 120, 100, 1, Side.BUY));
        assertEquals(Outcome.DUPLICATE, builder.add(trade(2, 119.9999, 100, 1, Side.BUY)));
    }

    @Test
    void shouldNotClaimMinutesWhoseTradesItHadToTurnAway() {
        int room = 1500;
        for (int minute = 0; minute <= room + 1; minute++) {
            Outcome outcome = minute < room ? Outcome.ADDED : Outcome.TOO_LATE;
            assertEquals(outcome, builder.add(trade(minute, 60 * minute, 100, 1, Side.BUY)));
        }
        for (int minute = 0; minute < room; minute++) {
            assertEquals(Quality.COMPLETE, close(minute, Coverage.SEEN).quality());
        }
        assertEquals(Outcome.ADDED, builder.add(trade(5000, 60 * room + 30, 100, 1, Side.BUY)));
        assertEquals(Quality.PARTIAL, close(room, Coverage.SEEN).quality(), "only the later one of its trades is here");
        assertEquals(Outcome.LATE, builder.add(trade(5001, 60 * room + 40, 100, 1, Side.BUY)));
        assertEquals(Quality.PARTIAL, revise(room).orElseThrow().quality());
        assertEquals(Quality.PARTIAL, close(room + 1, Coverage.SEEN).quality(), "not EMPTY");
        for (int minute = room + 2; minute < room + 10; minute++) {
            assertEquals(Quality.EMPTY, close(minute, Coverage.SEEN).quality());
        }
    }

    @Test
    void shouldGiveAMinuteAwayToARepair() {
        builder.add(trade(1, 1, 100, 1, Side.BUY));
        close(0);
        close(1);
        builder.release(NOON);
        builder.release(NOON.plusSeconds(60));
        assertEquals(Outcome.DUPLICATE, builder.add(trade(1, 1, 100, 1, Side.BUY)));
        assertEquals(Outcome.TOO_LATE, builder.add(trade(2, 2, 100, 1, Side.BUY)));
        assertEquals(Outcome.TOO_LATE, builder.add(trade(3, 61, 100, 1, Side.BUY)));
        assertEquals(Optional.empty(), revise(0));
        assertEquals(Optional.empty(), revise(1));
        assertEquals(Quality.PARTIAL, close(1).quality());
        assertEquals(Outcome.ADDED, builder.add(trade(4, 121, 100, 1, Side.BUY)));
    }

    @Test
    void shouldSurviveAbsurdQuantitiesAndTimes() {
        builder.add(new Trade(BTC, 1, Times.micros(NOON), 1e300, 1e300, Side.BUY));
        builder.add(new Trade(BTC, 2, Times.micros(NOON), 1, 1e300, Side.BUY));
        builder.add(new Trade(BTC, 3, Times.micros(NOON), 1, 1e-300, Side.BUY));
        for (int i = 0; i < 5000; i++) {
            builder.add(trade(10 + i, 60 * (1000L + i), 1, 1, Side.BUY));
        }
        assertTrue(Double.isFinite(close(0).volume()));
        assertTrue(close(0).notional() > 0 && Double.isFinite(close(0).notional()));
        assertEquals(Outcome.TOO_LATE, builder.add(trade(9, 60 * 9000L, 1, 1, Side.BUY)));
    }

    @Test
    void shouldRefuseAnotherSymbolsTrade() {
        Trade foreign = new Trade(Symbol.parse("ETH/USD"), 1, 0, 1, 1, Side.BUY);
        assertThrows(IllegalArgumentException.class, () -> builder.add(foreign));
    }

    @Test
    void shouldMakeCandlesOfAListOfTrades() {
        List<Candle> candles = CandleBuilder.candlesOf(
                BTC,
                List.of(
                        trade(3, 185, 102, 1, Side.BUY),
                        trade(1, 1, 100, 1, Side.BUY),
                        trade(1, 1, 100, 1, Side.BUY),
                        trade(2, 2, 101, 1, Side.BUY)),
                Coverage.FILLED);
        assertEquals(
                List.of(NOON, NOON.plusSeconds(180)),
                candles.stream().map(Candle::openTime).toList());
        assertEquals(2, candles.get(0).trades());
        assertEquals(Quality.REPAIRED, candles.get(0).quality());
        assertEquals(NOON.plusSeconds(60), candles.get(0).knownAt());
        assertTrue(candles.get(0).imported());
    }

    private Candle close(int minute) {
        return close(minute, Coverage.SEEN);
    }

    private Candle close(int minute, Coverage coverage) {
        return builder.close(NOON.plusSeconds(60L * minute), coverage, 7, KNOWN).orElseThrow();
    }

    private Optional<Candle> revise(int minute) {
        return builder.revise(NOON.plusSeconds(60L * minute), Coverage.SEEN, KNOWN);
    }

    private static Trade trade(long id, double second, double price, double quantity, Side side) {
        return new Trade(BTC, id, Times.micros(NOON) + Math.round(second * 1e6), price, quantity, side);
    }
}
