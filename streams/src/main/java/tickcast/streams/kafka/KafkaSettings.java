package tickcast.streams.kafka;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Where Kafka is and how its topics are.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param partitions of every topic that is keyed by symbol; fixed when the topics are created
 * @param replication copies of each partition
 * @param compression of what is written: {@code none}, {@code gzip}, {@code snappy}, {@code lz4} or {@code zstd}
 * @param topics every topic's own settings
 * @param client further properties of Kafka's clients, such as {@code security.protocol}
 */
public record KafkaSettings(
        String bootstrapServers,
        int partitions,
        short replication,
        String compression,
        Map<BusTopic, Topic> topics,
        Map<String, Object> client) {

    private static final Set<String> COMPRESSIONS = Set.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final Set<String> CLEANUPS = Set.of("delete", "compact", "compact,delete");
    private static final int MOST_PARTITIONS = 10_000;

    /**
     * @param retention how long records are kept; Kafka deletes whole segments
     * @param cleanup {@code delete}, {@code compact} or {@code compact,delete}
     */
    public record Topic(String name, Duration retention, String cleanup) {}

    public KafkaSettings {
        topics = Map.copyOf(topics);
        client = Map.copyOf(client);
    }

    /**
     * Reads the section {@code tickcast.kafka}.
     *
     * @throws ConfigException when a value is not allowed; the message says what is
     */
    public static KafkaSettings from(Config config) {
        Map<BusTopic, Topic> topics = new EnumMap<>(BusTopic.class);
        for (BusTopic topic : BusTopic.values()) {
            topics.put(topic, topic(topic, config.getConfig("topics." + topic.label())));
        }
        return new KafkaSettings(
                servers(config),
                whole(config, "partitions", MOST_PARTITIONS),
                (short) whole(config, "replication", 100),
                oneOf(config, "compression", COMPRESSIONS),
                topics,
                properties(config.getConfig("client")));
    }

    /** A restart reads the last minutes' trades again, and what has come since it went down. */
    private static Topic topic(BusTopic topic, Config config) {
        Duration retention = config.getDuration("retention");
        Duration shortest = topic == BusTopic.TRADES ? Duration.ofHours(1) : Duration.ofMinutes(1);
        if (retention.compareTo(shortest) < 0) {
            throw new ConfigException.BadValue(
                    config.origin(),
                    "topics." + topic.label() + ".retention",
                    "at least " + shortest.toMinutes() + "m");
        }
        String name = config.getString("name").strip();
        if (!name.matches("[a-zA-Z0-9._-]{1,249}")) {
            throw new ConfigException.BadValue(config.origin(), "name", "letters, digits, '.', '_' and '-'");
        }
        return new Topic(name, retention, oneOf(config, "cleanup", CLEANUPS));
    }

    private static String servers(Config config) {
        String servers = config.getString("bootstrap-servers").strip();
        boolean sound = List.of(servers.split(",")).stream()
                .allMatch(server -> server.strip().matches("\\[?[^\\s/]+\\]?:\\d{1,5}"));
        if (!sound) {
            throw new ConfigException.BadValue(
                    config.origin(), "bootstrap-servers", "host:port, comma-separated, not '" + servers + "'");
        }
        return servers;
    }

    private static int whole(Config config, String key, int most) {
        int value = config.getInt(key);
        if (value < 1 || value > most) {
            throw new ConfigException.BadValue(config.origin(), key, "a whole number from 1 to " + most);
        }
        return value;
    }

    private static String oneOf(Config config, String key, Set<String> allowed) {
        String value = config.getString(key).strip().replace(" ", "");
        if (!allowed.contains(value)) {
            throw new ConfigException.BadValue(
                    config.origin(), key, "one of " + allowed.stream().sorted().toList());
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

    /** A topic's name. */
    public String name(BusTopic topic) {
        return topics.get(topic).name();
    }

    /** How many partitions a topic has. */
    public int partitions(BusTopic topic) {
        return topic.isBySymbol() ? partitions : 1;
    }

    Map<String, String> properties(BusTopic topic) {
        Topic own = topics.get(topic);
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(own.retention().toMillis()),
                TopicConfig.CLEANUP_POLICY_CONFIG,
                own.cleanup());
    }
}
