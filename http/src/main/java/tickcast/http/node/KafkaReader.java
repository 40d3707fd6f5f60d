package tickcast.http.node;

import com.typesafe.config.Config;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tickcast.http.node.SettingsReader.Text;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaSettings;

/** Reads {@code tickcast.kafka { … }}. */
final class KafkaReader {

    private static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final List<String> CLEANUPS = List.of("delete", "compact", "compact,delete");
    /** A restart reads the last minutes' trades again, and what has come since it went down. */
    private static final String LEAST_TRADES = "1h";

    private static final int MOST_PARTITIONS = 10_000;
    private static final int MOST_COPIES = 100;

    private KafkaReader() {}

    static KafkaSettings read(SettingsReader config) {
        Map<BusTopic, KafkaSettings.Topic> topics = new EnumMap<>(BusTopic.class);
        for (BusTopic topic : BusTopic.values()) {
            String shortest = topic == BusTopic.TRADES ? LEAST_TRADES : "1m";
            topics.put(topic, topic(config, "kafka.topics." + topic.label(), shortest));
        }
        return new KafkaSettings(
                servers(config),
                (int) config.whole("kafka.partitions", 1, MOST_PARTITIONS),
                (short) config.whole("kafka.replication", 1, MOST_COPIES),
                oneOf(config.text("kafka.compression"), COMPRESSIONS),
                topics,
                config.section("kafka.client", KafkaReader::properties));
    }

    private static KafkaSettings.Topic topic(SettingsReader config, String key, String shortest) {
        Text name = config.text(key + ".name");
        if (!name.value().matches("[a-zA-Z0-9._-]{1,249}")) {
            throw new WrongSetting(name.key(), name.value(), "letters, digits, '.', '_' and '-', at most 249");
        }
        return new KafkaSettings.Topic(
                name.value(),
                config.duration(key + ".retention", shortest, "36500d"),
                oneOf(config.text(key + ".cleanup"), CLEANUPS));
    }

    private static String servers(SettingsReader config) {
        Text servers = config.text("kafka.bootstrap-servers");
        boolean sound = Stream.of(servers.value().split(","))
                .allMatch(server -> server.strip().matches("\\[?[^\\s/]+\\]?:\\d{1,5}"));
        if (!sound) {
            throw new WrongSetting(servers.key(), servers.value(), "host:port, comma-separated");
        }
        return servers.value();
    }

    private static String oneOf(Text text, List<String> allowed) {
        String value = text.value().replace(" ", "");
        if (!allowed.contains(value)) {
            throw new WrongSetting(text.key(), text.value(), "one of: " + String.join("; ", allowed));
        }
        return value;
    }

    private static Map<String, Object> properties(Config config) {
        Map<String, Object> properties = new HashMap<>();
        config.entrySet()
                .forEach(entry -> properties.put(
                        entry.getKey().replace("\"", ""),
                        String.valueOf(entry.getValue().unwrapped())));
        return properties;
    }
}
