package tickcast.http.node;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ElasticsearchServer;
import tickcast.streams.kafka.KafkaServer;

/**
 * A real Kafka with topics of its own, and where records are kept behind it, as the settings of a node name them.
 *
 * @param name begins the names of topics and indices
 * @param store settings of the store
 */
record Backbone(KafkaServer kafka, String name, int partitions, Map<String, Object> store) {

    private static final List<String> ARCHIVED = List.of("candles", "features", "predictions", "errors", "sentiment");
    private static final List<String> OTHERS = List.of("trades", "news", "rejected");

    /** With a real Elasticsearch. */
    static Backbone withElasticsearch(KafkaServer kafka, String name, int partitions) {
        return new Backbone(
                kafka,
                name,
                partitions,
                Map.of(
                        "tickcast.store",
                        "elasticsearch",
                        "tickcast.elasticsearch.url",
                        ElasticsearchServer.shared().url(),
                        "tickcast.elasticsearch.index-prefix",
                        name));
    }

    /** With SQLite, below the node's data directory. */
    static Backbone embedded(KafkaServer kafka, String name, int partitions) {
        return new Backbone(kafka, name, partitions, Map.of());
    }

    Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(store);
        settings.put("tickcast.bus", "kafka");
        settings.put("tickcast.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("tickcast.kafka.partitions", partitions);
        ARCHIVED.forEach(kind -> settings.put("tickcast.kafka.topics." + kind + ".name", topic(kind)));
        OTHERS.forEach(kind -> settings.put("tickcast.kafka.topics." + kind + ".name", topic(kind)));
        return settings;
    }

    String topic(String kind) {
        return name + "." + kind;
    }

    /** The same for a node that is a process of its own, as Java system properties. */
    List<String> options() {
        return settings().entrySet().stream()
                .map(entry -> "-D" + entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
    }

    /** The store itself; what only the log knows is not in it. */
    Archive archive(MarketSource source) {
        Map<String, Object> settings = new HashMap<>(store);
        settings.put("tickcast.news.feeds", "");
        return Stores.openReady(Settings.of(NodeConfig.load(ConfigFactory.parseMap(settings))), source);
    }

    /** Waits until the store has everything that is in the log now. A node must be running. */
    void awaitArchived(MarketSource source, Duration patience) throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Admin admin = admin()) {
            Map<TopicPartition, Long> ends =
                    ends(admin, ARCHIVED.stream().map(this::topic).toList());
            Map<TopicPartition, Long> waiting = unarchived(admin, source, ends);
            while (!waiting.isEmpty()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("after " + patience + " the store still lacks records: " + waiting);
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
                waiting = unarchived(admin, source, ends);
            }
        }
    }

    Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    private static Map<TopicPartition, Long> unarchived(
            Admin admin, MarketSource source, Map<TopicPartition, Long> ends) throws Exception {
        String prefix = "tickcast-archive-" + source.key() + "-";
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        for (ConsumerGroupListing group : answer(admin.listConsumerGroups().all())) {
            if (group.groupId().startsWith(prefix)) {
                committed.putAll(
                        answer(admin.listConsumerGroupOffsets(group.groupId()).partitionsToOffsetAndMetadata()));
            }
        }
        return ends.entrySet().stream()
                .map(end -> Map.entry(end.getKey(), end.getValue() - offset(committed, end.getKey())))
                .filter(lag -> lag.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static long offset(Map<TopicPartition, OffsetAndMetadata> committed, TopicPartition partition) {
        OffsetAndMetadata found = committed.get(partition);
        return found == null ? 0 : found.offset();
    }

    private static Map<TopicPartition, Long> ends(Admin admin, List<String> topics) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicDescription topic :
                answer(admin.describeTopics(topics).allTopicNames()).values()) {
            topic.partitions()
                    .forEach(partition ->
                            wanted.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
        }
        return answer(admin.listOffsets(wanted).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    /** How many records lie in a topic. */
    long records(String kind) throws Exception {
        try (Admin admin = admin()) {
            return ends(admin, List.of(topic(kind))).values().stream()
                    .mapToLong(end -> end)
                    .sum();
        }
    }

    private static <T> T answer(org.apache.kafka.common.KafkaFuture<T> future) throws Exception {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka refused: " + e.getCause(), e);
        }
    }
}
