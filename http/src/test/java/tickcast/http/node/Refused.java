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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.MarketSource;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.RecordCodec;

/** The predictions among a node's dead letters. */
final class Refused {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Prediction> predictions = new ArrayList<>();

    /** @param letters each a line of JSON @param kindField which names the refused record's kind */
    private Refused(List<String> letters, String kindField) {
        try {
            for (String line : letters) {
                JsonNode letter = JSON.readTree(line);
                assertEquals("prediction", letter.path(kindField).asText(), line);
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

    /** What lies in the data directory. */
    static Refused inFile(Path dataDirectory, MarketSource source) {
        Path file = dataDirectory.resolve(source.key()).resolve("dead-letters.jsonl");
        try {
            return new Refused(Files.exists(file) ? Files.readAllLines(file) : List.of(), "kind");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies in a topic of one partition. */
    static Refused inTopic(String bootstrapServers, String topic) {
        List<String> letters = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new StringDeserializer())) {
            assertEquals(1, consumer.partitionsFor(topic).size(), topic);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> letters.add(record.value()));
            }
        }
        return new Refused(letters, "recordKind");
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
