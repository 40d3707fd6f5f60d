package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.MarketSource;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.RecordCodec;

/** The predictions among a node's dead letters. */
final class Refused {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Prediction> predictions = new ArrayList<>();

    Refused(Path dataDirectory, MarketSource source) {
        Path file = dataDirectory.resolve(source.key()).resolve("dead-letters.jsonl");
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                JsonNode letter = JSON.readTree(line);
                assertEquals("prediction", letter.path("kind").asText(), line);
                assertTrue(letter.path("reason").asText().contains("lastPrice"), line);
                byte[] record = letter.path("record").toString().getBytes(StandardCharsets.UTF_8);
                predictions.add(RecordCodec.PREDICTION.decode(record).fact());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedRecord e) {
            throw new AssertionError("a dead letter is no record: " + e.getMessage(), e);
        }
    }

    /** A letter may come twice, when a batch was tried again. */
    private Map<String, String> texts() {
        Map<String, Prediction> once = new HashMap<>();
        predictions.forEach(prediction -> once.put(prediction.id(), prediction));
        return Kept.texts(List.copyOf(once.values()));
    }

    /** Symbol and as-of of each. */
    Set<String> keys() {
        return texts().keySet();
    }

    /** Fails unless the store has everything once but for the predictions here. */
    void assertComplete(Kept wanted, Kept stored) {
        DrillTable.assertSame("candles", wanted.wholeCandleTexts(), stored.wholeCandleTexts());
        DrillTable.assertSame("features", wanted.featureTexts(), stored.featureTexts());
        DrillTable.assertSame("errors", wanted.errorTexts(), stored.errorTexts());
        Map<String, String> either = stored.predictionTexts();
        texts().forEach((key, text) ->
                assertFalse(either.put(key, text) != null, key + " is stored and a dead letter, too"));
        DrillTable.assertSame("predictions", wanted.predictionTexts(), either);
        assertFalse(keys().isEmpty(), "the store refused nothing");
    }
}
