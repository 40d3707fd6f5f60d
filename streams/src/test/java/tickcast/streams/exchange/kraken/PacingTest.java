package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Politeness: pauses, budgets, tokens; and the exchange's clock. */
class PacingTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    @Test
    void shouldDoubleTheCeilingOfThePauseUpToTheCap() {
        RandomGenerator highest = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public long nextLong(long bound) {
                return bound - 1;
            }
        };
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), highest);
        for (long expected : new long[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
            assertEquals(Duration.ofSeconds(expected), backoff.next());
        }
        backoff.reset();
        assertEquals(Duration.ofSeconds(1), backoff.next());
    }

    @Test
    void shouldNotConnectMoreOftenThanTheBudgetAllows() {
        ConnectBudget budget = new ConnectBudget(60, Duration.ofMinutes(10));
        for (int i = 0; i < 60; i++) {
            assertTrue(budget.spend(NOW.plusSeconds(i)));
        }
        assertFalse(budget.spend(NOW.plusSeconds(599)));
        assertTrue(budget.spend(NOW.plusSeconds(600)));
        assertFalse(budget.spend(NOW.plusSeconds(600)));
    }

    @Test
    void shouldGiveOneTokenPerInterval() {
        TokenBucket bucket = new TokenBucket(1000, 2, 0);
        assertTrue(bucket.tryTake(0));
        assertTrue(bucket.tryTake(0));
        assertFalse(bucket.tryTake(999));
        assertEquals(1, bucket.waitNanos(999));
        assertTrue(bucket.tryTake(1000));
        bucket.pause(1000, 50_000);
        assertFalse(bucket.tryTake(50_999));
        assertTrue(bucket.tryTake(51_000));
    }

    @Test
    void shouldTakeTheQuickestFrameForTheExchangesClock() {
        ExchangeClock clock = new ExchangeClock(Duration.ofMinutes(1));
        assertFalse(clock.isMeasured());
        long exact = tickcast.model.market.Times.micros(NOW);
        clock.sample(exact + 1_270_000, NOW);
        clock.sample(exact - 5_000_000, NOW);
        assertEquals(exact + 1_270_000, clock.micros(NOW));
        Instant later = NOW.plus(Duration.ofMinutes(5));
        clock.sample(tickcast.model.market.Times.micros(later) - 300_000, later);
        assertEquals(tickcast.model.market.Times.micros(later) - 300_000, clock.micros(later));
    }
}
