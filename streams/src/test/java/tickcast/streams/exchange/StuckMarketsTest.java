package tickcast.streams.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Symbol;

class StuckMarketsTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final StuckMarkets stuck = new StuckMarkets(Duration.ofSeconds(15), Duration.ofMinutes(10));

    @Test
    void shouldDoubleThePauseUntilTheMarketWorks() {
        for (long expected : new long[] {15, 30, 60, 120, 240, 480, 600, 600}) {
            assertEquals(Duration.ofSeconds(expected), stuck.leaveOut(BTC, 0));
        }
        assertTrue(stuck.takeIn(Set.of(BTC)));
        assertTrue(stuck.isSuspect(BTC), "a new beginning proves nothing");
        stuck.works(BTC);
        assertEquals(Duration.ofSeconds(15), stuck.leaveOut(BTC, 0));
    }

    @Test
    void shouldKnockOnceWhenThePauseIsOver() {
        stuck.leaveOut(BTC, 0);
        assertEquals(List.of(), stuck.toKnockAt(14 * SECOND));
        assertEquals(List.of(BTC), stuck.toKnockAt(15 * SECOND));
        assertEquals(List.of(), stuck.toKnockAt(16 * SECOND));
        stuck.answered(BTC);
        stuck.answered(ETH);
        assertEquals(Set.of(BTC), stuck.answering(), "who was never out does not return");
        assertTrue(stuck.takeIn(Set.of(BTC, ETH)));
        assertFalse(stuck.takeIn(Set.of(ETH)));
        assertEquals(Set.of(), stuck.answering());
        assertFalse(stuck.isLeftOut(BTC));
    }
}
