package tickcast.streams.kafka;

import akka.Done;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes records that must not be lost: by an idempotent producer, acknowledged by all replicas, in the order of the
 * calls, and for as long as it takes. While Kafka is away nothing fails and nothing is dropped; callers wait for their
 * stages, so what they have under way bounds the memory. Thread safe; blocks only a thread of its own.
 */
public final class RecordWriter implements AutoCloseable {

    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final int BLOCKED_MILLIS = 2000;

    private final KafkaProducer<String, byte[]> producer;
    private final ExecutorService sender;
    private final Counter written;
    private volatile boolean closed;

    /** @param client names the producer for Kafka's log and metrics, and the thread */
    public RecordWriter(KafkaSettings settings, String client, MeterRegistry meters) {
        this.producer =
                new KafkaProducer<>(properties(settings, client), new StringSerializer(), new ByteArraySerializer());
        this.sender = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "write-" + client);
            thread.setDaemon(true);
            return thread;
        });
        this.written = Counter.builder("tickcast.kafka.produced.records")
                .description("Records that Kafka has acknowledged")
                .tag("client", client)
                .register(meters);
    }

    private static Map<String, Object> properties(KafkaSettings settings, String client) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, client);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression());
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCKED_MILLIS);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        properties.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 1000);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        return properties;
    }

    /** Completes when all of them are acknowledged; fails on what no repeating helps, or after {@link #close}. */
    public CompletionStage<Done> write(List<ProducerRecord<String, byte[]>> records) {
        return writeAndLocate(records).thenApply(places -> Done.getInstance());
    }

    /** The same; completes with the highest offset of these records in every partition that has some. */
    public CompletionStage<Map<TopicPartition, Long>> writeAndLocate(List<ProducerRecord<String, byte[]>> records) {
        if (records.isEmpty()) {
            return CompletableFuture.completedStage(Map.of());
        }
        Acknowledging all = new Acknowledging(records.size());
        try {
            sender.execute(() -> records.forEach(record -> send(record, all)));
        } catch (RejectedExecutionException e) {
            all.done.completeExceptionally(new IllegalStateException("the writer is closed", e));
        }
        return all.done;
    }

    private final class Acknowledging {
        private final CompletableFuture<Map<TopicPartition, Long>> done = new CompletableFuture<>();
        private final Map<TopicPartition, Long> highest = new ConcurrentHashMap<>();
        private final AtomicInteger missing;

        Acknowledging(int records) {
            this.missing = new AtomicInteger(records);
        }

        void acknowledged(RecordMetadata place) {
            written.increment();
            highest.merge(new TopicPartition(place.topic(), place.partition()), place.offset(), Math::max);
            if (missing.decrementAndGet() == 0) {
                done.complete(highest);
            }
        }
    }

    /** A record that found no place in the buffer, or no metadata, is tried again before the next one: order stays. */
    private void send(ProducerRecord<String, byte[]> row, Acknowledging all) {
        boolean taken = false;
        while (!taken) {
            if (closed || all.done.isCompletedExceptionally()) {
                all.done.completeExceptionally(new IllegalStateException("the writer is closed"));
                return;
            }
            Attempt attempt = new Attempt(all);
            try {
                producer.send(row, attempt::answered);
            } catch (RuntimeException e) {
                attempt.answered(null, e);
            }
            taken = attempt.leftHome();
        }
    }

    /** Tells a record that never left the caller's thread from one that failed on its way. */
    private static final class Attempt {
        private final Acknowledging all;
        private boolean calling = true;
        private boolean turnedAway;

        Attempt(Acknowledging all) {
            this.all = all;
        }

        synchronized void answered(RecordMetadata place, Exception failure) {
            if (failure == null) {
                all.acknowledged(place);
            } else if (calling && failure instanceof TimeoutException) {
                turnedAway = true;
            } else {
                all.done.completeExceptionally(failure);
            }
        }

        synchronized boolean leftHome() {
            calling = false;
            return !turnedAway;
        }
    }

    /** Lets what is under way finish, at most 3 s long. Blocks so long. */
    @Override
    public void close() {
        closed = true;
        sender.shutdown();
        producer.close(LAST_WORDS);
    }
}
