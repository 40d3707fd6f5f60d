package tickcast.actors.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static tickcast.actors.Scenes.BTC;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Scenes;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Trade;

/** Corrections, late trades and restarts in any order: what was known to be more stays. */
class CorrectionsTest {

    private static final ActorTestKit KIT = ActorTestKit.create(Scenes.local());
    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final Instant END = START.plus(Candle.INTERVAL);

    /** What the exchange knows of the minute, and what came here in time. */
    private static final List<Trade> ALL = Scenes.trades(BTC, START, 12);

    private static final List<Trade> SEEN = ALL.subList(0, 9);
    private static final List<Trade> LATE = ALL.subList(9, 10);
    private static final List<Candle> CORRECTION =
            CandleBuilder.candlesOf(BTC, ALL, Coverage.FILLED, END.plusSeconds(90));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private final MarketHouse house = new MarketHouse(KIT, BTC, new MemoryArchive(), new MemoryRegistry());

    private void closeWhatWasSeen() {
        house.record(SEEN);
        house.close(END);
    }

    /** Late trades are corrected beside; the next minute's end waits for it. */
    private void closeNext() {
        house.close(END.plus(Candle.INTERVAL));
    }

    private void assertStored(int trades, int revision) {
        assertEquals(trades, house.candle(END).trades());
        assertEquals(revision, house.candle(END).revision());
    }

    @Test
    void shouldNotLetALateTradeUndoACorrection() {
        closeWhatWasSeen();
        assertEquals(1, house.revise(CORRECTION));

        assertEquals(1, house.record(LATE).tooLate());
        closeNext();

        assertStored(12, 1);
        assertEquals(
                CORRECTION.get(0).close(),
                house.candle(END.plus(Candle.INTERVAL)).close());
    }

    @Test
    void shouldNotLetALateTradeUndoACorrectionThatTookTradesAway() {
        closeWhatWasSeen();
        house.revise(CandleBuilder.candlesOf(BTC, ALL.subList(0, 8), Coverage.FILLED, END.plusSeconds(90)));

        house.record(LATE);
        closeNext();

        assertStored(8, 1);
    }

    @Test
    void shouldReviseNothingWhenALateTradeAndItsCorrectionComeAgain() {
        closeWhatWasSeen();
        house.record(LATE);
        assertEquals(1, house.revise(CORRECTION));
        assertStored(12, 2);

        house.restart();
        closeWhatWasSeen();
        house.record(LATE);
        assertEquals(0, house.revise(CORRECTION));
        assertEquals(1, house.record(ALL.subList(10, 11)).tooLate());
        closeNext();

        assertStored(12, 2);
    }

    @Test
    void shouldStillTakeALateTradeAfterARestart() {
        closeWhatWasSeen();
        house.record(LATE);
        closeNext();
        assertStored(10, 1);

        house.restart();
        closeWhatWasSeen();
        house.record(LATE);
        house.record(ALL.subList(10, 11));
        house.close(END.plus(Duration.ofMinutes(2)));

        assertStored(11, 2);
    }

    @Test
    void shouldStillTakeALateTradeAfterACorrectionThatSaysTheSame() {
        closeWhatWasSeen();
        assertEquals(0, house.revise(CandleBuilder.candlesOf(BTC, SEEN, Coverage.FILLED, END.plusSeconds(90))));

        house.record(LATE);
        closeNext();

        assertStored(10, 1);
    }
}
