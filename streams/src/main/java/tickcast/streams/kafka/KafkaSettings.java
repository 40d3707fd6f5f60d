package tickcast.streams.kafka;

import java.time.Duration;
import java.util.Map;
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

    /**
     * @param retention how long records are kept; Kafka deletes whole segments
     * @param cleanup {@code delete}, {@code compact} or {@code compact,delete}
     */
    public record Topic(String name, Duration retention, String cleanup) {}

    public KafkaSettings {
        topics = Map.copyOf(topics);
        client = Map.copyOf(client);
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
