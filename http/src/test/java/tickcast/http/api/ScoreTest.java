package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tickcast.model.evaluation.PredictionError;

class ScoreTest {

    private static JsonNode score(List<PredictionError> errors, boolean relative) {
        byte[] body = Json.bytes(out -> {
            out.writeStartObject();
            new Score(errors, relative).writeTo(out);
            out.writeEndObject();
        });
        return TestServer.parse(new String(body, StandardCharsets.UTF_8));
    }

    @Test
    void shouldScoreByHand() {
        // Said +4.6 from 64000.1: right by direction twice, wrong once.
        List<PredictionError> errors = List.of(
                Sample.error(Sample.prediction(Sample.BTC, 1), 64004.7),
                Sample.error(Sample.prediction(Sample.BTC, 2), 64010.1),
                Sample.error(Sample.prediction(Sample.BTC, 3), 63900.1));
        JsonNode score = score(errors, false);
        assertEquals(3, score.path("count").asInt());
        assertEquals((0 + 5.4 + 104.6) / 3, score.path("mae").asDouble(), 1e-9);
        assertEquals((4.6 + 10 + 100) / 3, score.path("naiveMae").asDouble(), 1e-9);
        assertEquals(1 - 110.0 / 114.6, score.path("skill").asDouble(), 1e-9);
        assertTrue(score.path("skillLow").isNull(), "too little evidence");
        assertEquals(2 / 3.0, score.path("directionAccuracy").asDouble(), 1e-9);
        assertEquals(2 / 3.0, score.path("intervals").get(0).path("observed").asDouble(), 1e-9);
        assertEquals(125.2, score.path("intervals").get(0).path("width").asDouble(), 1e-9);
        assertEquals(110.0 / 3 / 6.40001, score(errors, true).path("mae").asDouble(), 1e-6);
    }

    @Test
    void shouldCoverTheTrueSkillMostOfTheTime() {
        Random random = new Random(5);
        int covered = 0;
        for (int run = 0; run < 100; run++) {
            List<PredictionError> errors = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                errors.add(Sample.error(Sample.prediction(Sample.BTC, i), 64002.4 + 40 * random.nextGaussian()));
            }
            JsonNode score = score(errors, false);
            // Half-way between last price and prediction: neither is better.
            covered += score.path("skillLow").asDouble() <= 0
                            && score.path("skillHigh").asDouble() >= 0
                    ? 1
                    : 0;
        }
        assertTrue(covered >= 85, "covered " + covered);
    }

    @Test
    void shouldHaveNothingToSayAboutNothing() {
        JsonNode score = score(List.of(), false);
        assertEquals(0, score.path("count").asInt());
        assertTrue(score.path("mae").isNull() && score.path("skill").isNull());
    }
}
