package tickcast.model.market;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WatermarkTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final Duration GRACE = Duration.ofMillis(500);

    @Test
    void shouldReportAMinuteOnceTheGraceIsOver() {
        Watermark watermark = new Watermark(GRACE, NOON);
        assertEquals(List.of(), watermark.advance(NOON.plusSeconds(30)));
        assertEquals(List.of(), watermark.advance(NOON.plusMillis(60_499)));
        assertEquals(List.of(NOON.plusSeconds(60)), watermark.advance(NOON.plusMillis(60_500)));
        assertEquals(List.of(), watermark.advance(NOON.plusMillis(60_500)));
        assertEquals(NOON.plusSeconds(60), watermark.value());
    }

    @Test
    void shouldReportAllMinutesOfAJump() {
        Watermark watermark = new Watermark(GRACE, NOON);
        List<Instant> expected = new ArrayList<>();
        for (int i = 1; i <= 180; i++) {
            expected.add(NOON.plusSeconds(60L * i));
        }
        assertEquals(expected, watermark.advance(NOON.plusSeconds(180 * 60 + 1)));
    }

    @Test
    void shouldNotReportWhatEndedBeforeTheStart() {
        Watermark watermark = new Watermark(GRACE, NOON);
        assertEquals(List.of(), watermark.advance(NOON.minusSeconds(600)));
        assertEquals(NOON, watermark.value());
        assertEquals(List.of(), watermark.advance(NOON.plusMillis(500)));
        Watermark within = new Watermark(GRACE, NOON.plusSeconds(30));
        assertEquals(List.of(NOON.plusSeconds(60)), within.advance(NOON.plusSeconds(61)));
    }

    @Test
    void shouldReportEveryMinuteOnceInOrderWhateverTimesArrive() {
        Random random = new Random(1);
        Watermark watermark = new Watermark(GRACE, NOON);
        List<Instant> reported = new ArrayList<>();
        long seconds = 0;
        for (int i = 0; i < 10_000; i++) {
            seconds += random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(5);
            reported.addAll(watermark.advance(NOON.plusSeconds(seconds - random.nextInt(120))));
        }
        for (int i = 0; i < reported.size(); i++) {
            assertEquals(NOON.plusSeconds(60L * (i + 1)), reported.get(i));
        }
    }
}
