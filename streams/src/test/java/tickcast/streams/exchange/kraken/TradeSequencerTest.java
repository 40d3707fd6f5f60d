package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import tickcast.streams.exchange.kraken.TradeSequencer.Verdict;

class TradeSequencerTest {

    @Test
    void shouldSuspectAJumpUntilHistoryWasAsked() {
        TradeSequencer sequencer = new TradeSequencer(0);
        sequencer.offer(1, 100);
        assertEquals(Verdict.NEXT, sequencer.offer(5, 200));
        assertTrue(sequencer.hasHoleIn(0));
        assertFalse(sequencer.hasHoleIn(ExchangeTime.MINUTE));
        assertEquals(Verdict.MISSING, sequencer.offer(3, 150));
        assertEquals(2, sequencer.holes().size());
        sequencer.settle(100, 5);
        assertFalse(sequencer.hasHoles());
        assertEquals(Verdict.MISSING, sequencer.offer(2, 120), "a straggler is welcome");
        assertEquals(Verdict.DUPLICATE, sequencer.offer(2, 120));
    }

    @Test
    void shouldNotSettleWhatHistoryDidNotCover() {
        TradeSequencer sequencer = new TradeSequencer(0);
        sequencer.offer(1, 100);
        sequencer.offer(5, 200);
        sequencer.settle(150, 9);
        assertTrue(sequencer.hasHoles(), "asked from too late on");
        sequencer.settle(100, 4);
        assertTrue(sequencer.hasHoles(), "did not reach beyond the hole");
    }

    @Test
    void shouldNotCareForIdsBeforeTheStart() {
        TradeSequencer sequencer = new TradeSequencer(1000);
        sequencer.offer(77, 900);
        assertFalse(sequencer.hasHoles());
        sequencer.offer(80, 1100);
        assertTrue(sequencer.hasHoles());
    }

    @Property(tries = 300)
    void shouldKnowTheMinutesOfItsHoles(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 60) Integer> ids,
            @ForAll @Size(value = 61) List<@IntRange(max = 2_000) Integer> seconds,
            @ForAll @IntRange(max = 2_000) int settledFrom) {
        TradeSequencer sequencer = new TradeSequencer(0);
        for (int i = 0; i < ids.size(); i++) {
            sequencer.offer(ids.get(i), seconds.get(i) * 1_000_000L);
            if (i == ids.size() / 2) {
                sequencer.settle(settledFrom * 1_000_000L, 20);
            }
        }
        for (long minute = 0; minute < 35 * ExchangeTime.MINUTE; minute += ExchangeTime.MINUTE) {
            long open = minute;
            boolean touched = sequencer.holes().stream()
                    .anyMatch(hole -> hole.afterMicros() < open + ExchangeTime.MINUTE && hole.beforeMicros() >= open);
            assertEquals(touched, sequencer.hasHoleIn(minute));
        }
    }

    @Property(tries = 300)
    void shouldCountEveryIdOnceInAnyOrder(@ForAll @Size(max = 60) List<@IntRange(min = 1, max = 40) Integer> ids) {
        TradeSequencer sequencer = new TradeSequencer(0);
        Set<Integer> seen = new HashSet<>();
        int highest = 0;
        for (int id : ids) {
            Verdict verdict = sequencer.offer(id, id * 10L);
            assertEquals(!seen.add(id), verdict == Verdict.DUPLICATE);
            highest = Math.max(highest, id);
        }
        long missing = sequencer.holes().stream()
                .mapToLong(hole -> hole.last() - hole.first() + 1)
                .sum();
        assertEquals(highest - seen.size(), missing);
    }
}
