package tickcast.model.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tickcast.model.sentiment.Sentiment;

class SentimentWindowTest {

    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final int MINUTE = 60_000;

    @Test
    void shouldBeMissingWithoutNews() {
        for (double value : write(new SentimentWindow(), NOON)) {
            assertTrue(Double.isNaN(value));
        }
    }

    @Test
    void shouldCountFromTheInstantItIsKnown() {
        SentimentWindow window = new SentimentWindow();
        window.hear(item(1, NOON.plusNanos(1), 0.5, 1));
        assertTrue(Double.isNaN(write(window, NOON)[0]));
        window.hear(item(2, NOON, 0.25, 1));
        assertEquals(0.25, write(window, NOON)[0]);
        assertEquals(0.375, write(window, NOON.plusMillis(1))[0], 1e-6);
    }

    @Test
    void shouldWeighByConfidenceAndAge() {
        SentimentWindow window = new SentimentWindow();
        window.hear(item(1, NOON.minusSeconds(1800), 1, 0.5));
        window.hear(item(2, NOON, -1, 0.75));
        double[] values = write(window, NOON);
        assertEquals((0.25 - 0.75) / 1.0, values[0], 1e-12);
        assertEquals(Math.log(3), values[3], 1e-12);
        double[] later = write(window, NOON.plusSeconds(1800));
        assertEquals(-1, later[0]);
    }

    @Test
    void shouldIgnoreNonsense() {
        SentimentWindow window = new SentimentWindow();
        window.hear(item(1, NOON, Double.NaN, 1));
        window.hear(item(2, NOON, 2, 1));
        window.hear(item(3, NOON, 1, 1e9));
        window.hear(item(4, NOON, 1, Double.NaN));
        assertTrue(Double.isNaN(write(window, NOON)[2]));
    }

    @Test
    void shouldNotDependOnTheOrderOrTheTimeOfHearing() {
        Random random = new Random(7);
        List<Sentiment> items = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            items.add(item(i, NOON.plusSeconds(60L * random.nextInt(4000)), random.nextDouble(), random.nextDouble()));
        }
        SentimentWindow ahead = new SentimentWindow();
        items.forEach(ahead::hear);
        SentimentWindow asItComes = new SentimentWindow();
        for (int minute = 0; minute < 4000; minute++) {
            Instant asOf = NOON.plusSeconds(60L * minute);
            List<Sentiment> now = new ArrayList<>(items.stream()
                    .filter(item -> !item.knownAt().isAfter(asOf))
                    .filter(item -> item.knownAt().isAfter(asOf.minusSeconds(60)))
                    .toList());
            Collections.shuffle(now, random);
            now.addAll(now.subList(0, now.size() / 2));
            ahead.forget(asOf.toEpochMilli());
            asItComes.forget(asOf.toEpochMilli());
            now.forEach(asItComes::hear);
            assertArrayEquals(write(ahead, asOf), write(asItComes, asOf));
        }
        SentimentWindow anew = new SentimentWindow();
        Collections.shuffle(items, random);
        items.forEach(anew::hear);
        Instant end = NOON.plusMillis(3999L * MINUTE);
        assertArrayEquals(write(anew, end), write(ahead, end));
    }

    private static double[] write(SentimentWindow window, Instant asOf) {
        FeatureRow row = new FeatureRow(SentimentWindow.FEATURES);
        window.write(row, asOf.toEpochMilli());
        return row.values();
    }

    private static Sentiment item(int id, Instant knownAt, double score, double confidence) {
        return new Sentiment("id" + id, "*", score, confidence, "lexicon", "", "", "", knownAt, knownAt);
    }
}
