package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class KafkaTopicsTest {

    /** As the http module's reference.conf, with other names. */
    static KafkaSettings settings(String prefix, int partitions) {
        Map<BusTopic, KafkaSettings.Topic> topics = new EnumMap<>(BusTopic.class);
        for (BusTopic topic : BusTopic.values()) {
            topics.put(topic, new KafkaSettings.Topic(prefix + '.' + topic.label(), Duration.ofDays(7), "delete"));
        }
        return new KafkaSettings(
                KafkaServer.shared().bootstrapServers(),
                partitions,
                (short) 1,
                "lz4",
                topics,
                Map.of("metadata.max.age.ms", "5000"));
    }

    private static void ensure(Admin admin, KafkaSettings settings) {
        KafkaTopics.ensure(admin, settings)
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void shouldMakeWhatIsMissingAndRefuseAnotherNumberOfPartitions() throws Exception {
        KafkaSettings settings = settings("made", 3);
        try (Admin admin = Admin.create(KafkaTopics.adminProperties(settings))) {
            ensure(admin, settings);
            ensure(admin, settings);
            var topics = admin.describeTopics(List.of("made.trades", "made.news", "made.rejected"))
                    .allTopicNames()
                    .get(20, TimeUnit.SECONDS);
            assertEquals(3, topics.get("made.trades").partitions().size());
            assertEquals(1, topics.get("made.news").partitions().size());
            ConfigResource trades = new ConfigResource(ConfigResource.Type.TOPIC, "made.trades");
            Map<ConfigResource, Config> configs =
                    admin.describeConfigs(List.of(trades)).all().get(20, TimeUnit.SECONDS);
            assertEquals("604800000", configs.get(trades).get("retention.ms").value());
            KafkaSettings other = settings("made", 4);
            CompletionException refused = assertThrows(CompletionException.class, () -> ensure(admin, other));
            assertTrue(refused.getCause() instanceof KafkaTopics.WrongPartitions, refused.toString());
            assertEquals(
                    "topic made.trades has 3 partitions, tickcast.kafka.partitions says 4:"
                            + " the number is fixed when a topic is created",
                    refused.getCause().getMessage());
        }
    }
}
