package tickcast.streams.kafka;

import akka.actor.typed.ActorSystem;
import akka.kafka.ConsumerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** How this system's consumers are set up. */
public final class Consumers {

    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private Consumers() {}

    /** A consumer that begins with the oldest record and stops at once, also while Kafka is away. */
    public static ConsumerSettings<String, byte[]> settings(ActorSystem<?> system, KafkaSettings settings) {
        Map<String, String> properties = new HashMap<>();
        settings.client().forEach((key, value) -> properties.put(key, String.valueOf(value)));
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // After kill -9 the group waits so long for the dead member before the next one gets its partitions.
        properties.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "6000");
        properties.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "1500");
        properties.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "1000");
        return ConsumerSettings.create(system, new StringDeserializer(), new ByteArrayDeserializer())
                .withBootstrapServers(settings.bootstrapServers())
                .withProperties(properties)
                .withStopTimeout(Duration.ZERO)
                .withCloseTimeout(LAST_WORDS);
    }
}
