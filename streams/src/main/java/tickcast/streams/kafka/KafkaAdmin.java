package tickcast.streams.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's admin client. It is made when it is first asked for, in a thread of its own, and again after that has failed: it
 * can't be made while Kafka's name can't be resolved. Thread safe; never blocks but in {@link #close}.
 */
public final class KafkaAdmin implements AutoCloseable {

    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private CompletableFuture<Admin> client = CompletableFuture.failedFuture(new IllegalStateException("not made yet"));
    private boolean closed;

    public KafkaAdmin(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Completes with the client; fails with what Kafka's library says, then it may be asked for again. */
    public synchronized CompletionStage<Admin> client() {
        if (closed) {
            return CompletableFuture.failedStage(new IllegalStateException("closed"));
        }
        if (client.isCompletedExceptionally()) {
            client = CompletableFuture.supplyAsync(this::make, KafkaAdmin::inAThreadOfItsOwn);
        }
        return client.copy();
    }

    /**
     * Looks whether Kafka's clients can be made with these settings. A name that can't be resolved right now is no reason.
     *
     * @throws IllegalArgumentException with what Kafka's library says, when they can't
     */
    public static void check(KafkaSettings settings) {
        Map<String, Object> producer = new HashMap<>(RecordWriter.properties(settings, "check"));
        producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        try {
            new ProducerConfig(producer);
            Admin.create(KafkaTopics.adminProperties(settings)).close(Duration.ZERO);
        } catch (KafkaException | IllegalArgumentException e) {
            if (!KafkaTrouble.isUnresolved(e)) {
                throw new IllegalArgumentException(KafkaTrouble.causeOf(e).getMessage(), e);
            }
        }
    }

    private Admin make() {
        return Admin.create(KafkaTopics.adminProperties(settings));
    }

    private static void inAThreadOfItsOwn(Runnable work) {
        Thread thread = new Thread(work, "kafka-admin");
        thread.setDaemon(true);
        thread.start();
    }

    /** Blocks for a second at most; one that is still being made is closed afterwards. */
    @Override
    public synchronized void close() {
        closed = true;
        client.thenAccept(made -> made.close(GOODBYE));
    }
}
