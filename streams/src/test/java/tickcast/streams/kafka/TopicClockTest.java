package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent.MinutePassed;

class TopicClockTest {

    private static final Set<Symbol> SYMBOLS = Set.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"));
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    private static Instant at(double seconds) {
        return NOON.plusMillis((long) (seconds * 1000));
    }

    private final TopicClock clock = new TopicClock(SYMBOLS, GRACE, Optional.of(NOON));

    @Test
    void shouldPassAMinuteWhenATradeLiesBeyondItByTheGrace() {
        clock.traded(at(60.4), at(60.45));
        assertEquals(List.of(), clock.tick(at(60.46)));
        clock.traded(at(60.5), at(60.55));
        List<MinutePassed> passed = clock.tick(at(60.56));
        assertEquals(1, passed.size());
        assertEquals(at(60), passed.get(0).closeTime());
        assertEquals(Set.of(), passed.get(0).unsure());
        assertEquals(Pace.CLOCK, passed.get(0).pace());
        assertTrue(passed.get(0).alive());
        assertEquals(List.of(), clock.tick(at(60.9)));
    }

    @Test
    void shouldBeCarriedOnWhileSomethingComesIn() {
        clock.traded(at(50), at(51));
        clock.heard(at(60));
        assertEquals(List.of(), clock.tick(at(61.4)));
        assertEquals(1, clock.tick(at(61.5)).size());
    }

    @Test
    void shouldHoldAMinuteOfASilentVenueAndThenDoubtIt() {
        clock.traded(at(50), at(50));
        assertFalse(clock.isAlive(at(61)));
        assertEquals(List.of(), clock.tick(at(61)));
        assertEquals(List.of(), clock.tick(at(79.9)));
        MinutePassed passed = clock.tick(at(80)).get(0);
        assertEquals(SYMBOLS, passed.unsure());
        assertFalse(passed.alive());
    }

    @Test
    void shouldRunThroughABacklogInEventTime() {
        Instant later = NOON.plus(Duration.ofDays(1));
        clock.traded(at(1), later);
        clock.traded(at(3600.5), later);
        List<MinutePassed> passed = clock.tick(later);
        assertEquals(60, passed.size());
        assertTrue(passed.stream().allMatch(minute -> minute.pace() == Pace.EVENT && minute.alive()));
    }

    @Test
    void shouldDoubtTheMinuteInWhichItBeganToListen() {
        TopicClock fresh = new TopicClock(SYMBOLS, GRACE, Optional.empty());
        assertEquals(List.of(), fresh.tick(at(1000)));
        fresh.traded(at(130), at(130));
        fresh.traded(at(240.5), at(240.5));
        List<MinutePassed> passed = fresh.tick(at(240.6));
        assertEquals(at(180), passed.get(0).closeTime());
        assertEquals(SYMBOLS, passed.get(0).unsure());
        assertEquals(Set.of(), passed.get(1).unsure());
    }

    @Test
    void shouldNotBeHurriedByAVenueWhoseClockIsFast() {
        clock.traded(at(30), at(30));
        clock.traded(at(330), at(31));
        assertEquals(List.of(), clock.tick(at(31.1)));
        clock.heard(at(55));
        assertEquals(List.of(), clock.tick(at(58.4)));
        assertEquals(1, clock.tick(at(58.5)).size());
        clock.traded(at(365), at(65));
        assertEquals(List.of(), clock.tick(at(66)));
    }

    @Test
    void shouldStandStillWhileTheLogCannotBeRead() {
        clock.traded(at(50), at(50));
        for (int second = 55; second < 200; second++) {
            clock.stand(at(second));
            assertEquals(List.of(), clock.tick(at(second)));
        }
        assertEquals(List.of(), clock.tick(at(208.9)));
        for (int second = 51; second < 210; second++) {
            clock.traded(at(second), at(201)); // what was published meanwhile
        }
        List<MinutePassed> passed = clock.tick(at(209));
        assertEquals(
                List.of(at(60), at(120), at(180)),
                passed.stream().map(MinutePassed::closeTime).toList());
        assertTrue(
                passed.stream()
                        .allMatch(minute -> minute.alive() && minute.unsure().isEmpty()),
                passed::toString);
    }
}
