package tickcast.streams.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Somebody who has read docs/records.md and nothing else: no class of Tickcast is used here. */
final class Stranger {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String servers;
    private final String source;

    Stranger(String servers, String source) {
        this.servers = servers;
        this.source = source;
    }

    /** What counts of a prediction topic, by symbol and as-of. */
    Map<String, JsonNode> published(String topic) throws IOException {
        Map<String, JsonNode> first = new TreeMap<>();
        Map<String, JsonNode> shadows = new HashMap<>();
        for (JsonNode row : rows(topic, "prediction")) {
            String id = row.get("id").asText();
            if (row.get("published").asBoolean()) {
                JsonNode same = shadows.getOrDefault(id, row);
                first.putIfAbsent(
                        row.get("symbol").asText() + " " + row.get("asOf").asText(), same);
            } else {
                shadows.putIfAbsent(id, row);
            }
        }
        return first;
    }

    /** What counts of a candle topic, by symbol and open time. */
    Map<String, JsonNode> candles(String topic) throws IOException {
        Map<String, JsonNode> newest = new TreeMap<>();
        for (JsonNode row : rows(topic, "candle")) {
            newest.merge(row.get("symbol").asText() + " " + row.get("openTime").asText(), row, Stranger::greater);
        }
        return newest;
    }

    private static JsonNode greater(JsonNode before, JsonNode after) {
        long epochs =
                Long.compare(after.get("epoch").asLong(), before.get("epoch").asLong());
        int revisions = Integer.compare(
                after.get("revision").asInt(), before.get("revision").asInt());
        return epochs > 0 || (epochs == 0 && revisions > 0) ? after : before;
    }

    private List<JsonNode> rows(String topic, String kind) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String value : values(topic)) {
            JsonNode row = JSON.readTree(value);
            if (row.get("v").asInt() == 1
                    && row.get("kind").asText().equals(kind)
                    && row.get("source").asText().equals(source)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private List<String> values(String topic) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", servers);
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(200))) {
                    values.add(row.value());
                }
            }
        }
        return values;
    }
}
