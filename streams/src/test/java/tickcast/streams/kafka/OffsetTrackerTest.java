package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

class OffsetTrackerTest {

    private static final List<Symbol> SYMBOLS =
            List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"), Symbol.parse("SOL/USD"));
    private static final long FIRST = Times.epochMinute(Instant.parse("2026-01-05T12:00:00Z"));

    /** A trade, or the close of a minute. */
    private record Entry(Symbol symbol, long minute, Optional<Trade> trade) {}

    /** A partition's log: trades mostly of the open minute, some late, some early; every minute closed for every symbol. */
    private static List<Entry> log(Random random, int minutes) {
        List<Entry> log = new ArrayList<>();
        long id = 1;
        for (long minute = FIRST; minute < FIRST + minutes; minute++) {
            for (int i = random.nextInt(8); i > 0; i--) {
                Symbol symbol = SYMBOLS.get(random.nextInt(3));
                long of = Math.max(FIRST, minute + (random.nextInt(4) == 0 ? random.nextInt(10) - 8 : 0));
                long micros = of * 60_000_000 + random.nextInt(60_000_000);
                Trade trade = new Trade(symbol, id++, micros, 1 + random.nextInt(9), 1, Side.BUY);
                log.add(new Entry(symbol, of, Optional.of(trade)));
            }
            for (Symbol symbol : SYMBOLS) {
                log.add(new Entry(symbol, minute, Optional.empty()));
            }
        }
        return log;
    }

    /** What the builders say of a record: the outcome of a trade with the minute's candle then, or the candle closed. */
    private static final class Builders {
        private final Map<Symbol, CandleBuilder> builders = new HashMap<>();

        String take(Entry entry) {
            CandleBuilder builder = builders.computeIfAbsent(entry.symbol(), CandleBuilder::new);
            Instant open = Times.ofEpochMinute(entry.minute());
            if (entry.trade().isEmpty()) {
                return builder.close(open, Coverage.SEEN, 5, Instant.EPOCH).toString();
            }
            CandleBuilder.Outcome outcome = builder.add(entry.trade().get());
            return outcome + " " + builder.revise(open, Coverage.SEEN, Instant.EPOCH);
        }
    }

    private static void track(OffsetTracker<Long> tracker, long offset, Entry entry) {
        if (entry.trade().isPresent()) {
            tracker.traded(offset, offset, entry.symbol(), List.of(entry.minute()));
        } else {
            tracker.closed(offset, offset, entry.symbol(), entry.minute());
        }
    }

    @Property(tries = 300)
    void shouldLetARestartGoOnAsIfNothingHadHappened(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int minutes, @ForAll @IntRange(max = 1000) int at) {
        List<Entry> log = log(new Random(seed), minutes);
        int crash = log.size() * at / 1001;
        OffsetTracker<Long> tracker = new OffsetTracker<>();
        Builders undisturbed = new Builders();
        for (int i = 0; i < crash; i++) {
            undisturbed.take(log.get(i));
            track(tracker, i, log.get(i));
        }
        int again = tracker.committable().map(done -> (int) (done + 1)).orElse(0);
        assertTrue(again <= crash);
        Builders restarted = new Builders();
        for (int i = again; i < crash; i++) {
            restarted.take(log.get(i));
        }
        for (int i = crash; i < log.size(); i++) {
            assertEquals(undisturbed.take(log.get(i)), restarted.take(log.get(i)), "record " + i + " of " + log);
        }
    }

    @Property(tries = 100)
    void shouldNeverGoBackNorStayBehindForEver(@ForAll long seed) {
        List<Entry> log = log(new Random(seed), 40);
        OffsetTracker<Long> tracker = new OffsetTracker<>();
        long before = -1;
        for (int i = 0; i < log.size(); i++) {
            track(tracker, i, log.get(i));
            long now = tracker.committable().orElse(-1L);
            assertTrue(now >= before);
            before = now;
        }
        int remembered = CandleBuilder.REMEMBERED_MINUTES + 2;
        long closesBehind = log.subList((int) before + 1, log.size()).stream()
                .filter(e -> e.trade().isEmpty())
                .count();
        assertTrue(closesBehind <= (long) remembered * SYMBOLS.size(), closesBehind + " minutes would come again");
    }

    @Test
    void shouldCommitWhatNoMarketRemembersAtOnce() {
        OffsetTracker<Long> tracker = new OffsetTracker<>();
        assertEquals(Optional.empty(), tracker.committable());
        tracker.passed(7L);
        assertEquals(Optional.of(7L), tracker.committable());
        tracker.traded(8, 8L, SYMBOLS.get(0), List.of(FIRST));
        tracker.passed(9L);
        assertEquals(Optional.of(7L), tracker.committable());
    }

    @Test
    void shouldCommitNothingThatALeftOutMarketMissed() {
        OffsetTracker<Long> tracker = new OffsetTracker<>();
        Symbol works = SYMBOLS.get(0);
        Symbol stuck = SYMBOLS.get(1);
        tracker.passed(0L);
        tracker.closed(1, 1L, stuck, FIRST);
        tracker.closed(2, 2L, works, FIRST);
        for (int i = 0; i < 100; i++) {
            tracker.missed(3 + 2 * i, 3L + 2 * i, stuck);
            tracker.closed(4 + 2 * i, 4L + 2 * i, works, FIRST + 1 + i);
        }
        assertEquals(Optional.of(0L), tracker.committable(), "what it remembers of before it needs again too");

        OffsetTracker<Long> never = new OffsetTracker<>();
        never.passed(0L);
        never.missed(1, 1L, stuck);
        never.passed(2L);
        assertEquals(Optional.of(0L), never.committable());
    }
}
