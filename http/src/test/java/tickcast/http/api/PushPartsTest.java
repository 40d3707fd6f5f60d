package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushPartsTest {

    private static final Subject BTC = new Subject(Channel.CANDLES, "BTC/USD");
    private static final Subject ETH = new Subject(Channel.CANDLES, "ETH/USD");

    private static PushMessage message(Subject subject, long seq, int revision) {
        return new PushMessage(subject, seq, revision, "kraken", List.of());
    }

    @Test
    void shouldTakeEachMinuteOnceAndCorrectionsAtHigherRevisions() {
        Novelty novelty = new Novelty();
        assertTrue(novelty.take(10, 0));
        assertFalse(novelty.take(10, 0));
        assertTrue(novelty.take(10, 1));
        assertFalse(novelty.take(10, 1));
        assertTrue(novelty.take(12, 0));
        assertTrue(novelty.take(11, 0), "two owners may be out of order");
        for (int i = 13; i < 100; i++) {
            assertTrue(novelty.take(i, 0));
        }
        assertFalse(novelty.take(10, 0), "long ago");
        assertTrue(novelty.take(10, 2), "a late correction");
    }

    @Test
    void shouldKeepOnlyTheNewestOfEachSubjectWhenTooManyWait() {
        List<Integer> skipped = new ArrayList<>();
        Outbox outbox = new Outbox(8, skipped::add);
        for (int i = 1; i <= 8; i++) {
            outbox.add(message(BTC, i, 0));
        }
        assertTrue(skipped.isEmpty());
        outbox.add(message(BTC, 3, 1));
        outbox.add(message(ETH, 1, 0));
        assertEquals(List.of(8), skipped);
        List<Integer> sent = new ArrayList<>();
        String write = outbox.nextWrite(sent::add).utf8String();
        assertTrue(write.contains("\"seq\":8") && write.contains("ETH/USD") && !write.contains("\"seq\":3"), write);
        assertEquals(List.of(2), sent);
        assertTrue(outbox.isEmpty());
    }

    @Test
    void shouldTellAfterThePastOnlyWhatThePastDidNotHave() {
        CatchUp catchUp = new CatchUp(BTC, 5, 100);
        catchUp.hold(message(BTC, 7, 0));
        catchUp.hold(message(BTC, 8, 0));
        catchUp.hold(message(BTC, 6, 1));
        catchUp.hold(message(BTC, 3, 2));
        catchUp.hold(message(BTC, 5, 0));
        catchUp.read(List.of(message(BTC, 6, 0), message(BTC, 7, 0)));
        assertEquals(7, catchUp.position());
        assertEquals(
                List.of("8/0", "6/1", "3/2"),
                catchUp.rest().stream().map(m -> m.seq() + "/" + m.revision()).toList());
    }
}
