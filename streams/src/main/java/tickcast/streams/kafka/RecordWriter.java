package tickcast.streams.kafka;

import akka.Done;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.streams.archive.Answers;

/**
 * Writes records that must not be lost: by an idempotent producer, acknowledged by all replicas, in the order of the
 * calls, and for as long as it takes. While Kafka is away nothing fails and nothing is dropped; callers wait for their
 * stages, so what they have under way bounds the memory. Stages complete in threads of {@link Answers}. Thread safe;
 * blocks only a thread of its own.
 */
public final class RecordWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final Duration NEXT_PRODUCER = Duration.ofSeconds(2);
    private static final int BLOCKED_MILLIS = 2000;
    /** A record that has waited longer is talked about; a request is given up and repeated after ten seconds. */
    private static final Duration LONG_WAIT = Duration.ofSeconds(15);
    /** So long a refusal is talked about when nothing follows it. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Supplier<Producer<String, byte[]>> making;
    private final LongSupplier nanoTime;
    private final ExecutorService sender;
    private final Counter written;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Acknowledging> underWay = new ConcurrentLinkedQueue<>();
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();
    private volatile Producer<String, byte[]> producer;

    private record Refusal(String why, long nanos) {}

    /** @param client names the producer for Kafka's log and metrics, and the thread */
    public RecordWriter(KafkaSettings settings, String client, MeterRegistry meters) {
        this(
                () -> new KafkaProducer<>(
                        properties(settings, client), new StringSerializer(), new ByteArraySerializer()),
                client,
                meters,
                System::nanoTime);
    }

    /** @param making makes the producer, in the writer's thread; tried again when it fails */
    RecordWriter(
            Supplier<Producer<String, byte[]>> making, String client, MeterRegistry meters, LongSupplier nanoTime) {
        this.making = making;
        this.nanoTime = nanoTime;
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

    static Map<String, Object> properties(KafkaSettings settings, String client) {
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
        Acknowledging all = new Acknowledging(records.size(), nanoTime.getAsLong());
        forgetSettled();
        underWay.add(all);
        try {
            sender.execute(() -> records.forEach(record -> send(record, all)));
        } catch (RejectedExecutionException e) {
            all.fail(new IllegalStateException("the writer is closed", e));
        }
        return all.done;
    }

    /** One plain sentence when what is to be written waits for long, or is refused whatever it is; else empty. */
    public String trouble() {
        long now = nanoTime.getAsLong();
        for (Map.Entry<String, Refusal> refusal : refusals.entrySet()) {
            if (now - refusal.getValue().nanos() < FRESH.toNanos()) {
                return "Kafka refuses what is written to " + refusal.getKey() + ": "
                        + refusal.getValue().why();
            }
        }
        forgetSettled();
        Acknowledging oldest = underWay.peek();
        if (oldest == null || now - oldest.since < LONG_WAIT.toNanos()) {
            return "";
        }
        return "Kafka has not acknowledged what was written more than " + LONG_WAIT.toSeconds()
                + " s ago; nothing is lost, everything waits for it.";
    }

    private void forgetSettled() {
        for (Acknowledging head = underWay.peek(); head != null && head.settled; head = underWay.peek()) {
            underWay.remove(head);
        }
    }

    /** One call's records. */
    private final class Acknowledging {
        private final CompletableFuture<Map<TopicPartition, Long>> done = new CompletableFuture<>();
        private final Map<TopicPartition, Long> highest = new ConcurrentHashMap<>();
        private final AtomicInteger missing;
        private final long since;
        private volatile boolean settled;

        Acknowledging(int records, long since) {
            this.missing = new AtomicInteger(records);
            this.since = since;
        }

        void acknowledged(RecordMetadata place) {
            written.increment();
            refusals.remove(place.topic());
            highest.merge(new TopicPartition(place.topic(), place.partition()), place.offset(), Math::max);
            if (missing.decrementAndGet() == 0) {
                settled = true;
                Answers.complete(done, highest);
            }
        }

        void fail(Throwable why) {
            settled = true;
            Answers.fail(done, why);
        }
    }

    /** A record that found no place in the buffer, or no metadata, is tried again before the next one: order stays. */
    private void send(ProducerRecord<String, byte[]> row, Acknowledging all) {
        boolean taken = false;
        while (!taken) {
            if (isClosed() || all.settled) {
                all.fail(new IllegalStateException("the writer is closed"));
                return;
            }
            Attempt attempt = new Attempt(row.topic(), all);
            try {
                producer().send(row, attempt::answered);
            } catch (RuntimeException e) {
                attempt.answered(null, e);
            }
            taken = attempt.leftHome();
        }
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    /** Made with the first record: its making fails for as long as Kafka's name can't be resolved. */
    private Producer<String, byte[]> producer() {
        while (producer == null) {
            try {
                producer = making.get();
            } catch (RuntimeException e) {
                if (KafkaTrouble.isUnresolved(e)) {
                    LOG.debug("There is no producer yet", e);
                } else {
                    LOG.warn("There is no producer yet: {}", KafkaTrouble.words(e));
                }
                awaitNext();
            }
        }
        if (isClosed()) {
            producer.close(Duration.ZERO); // it was being made meanwhile
        }
        return producer;
    }

    private void awaitNext() {
        try {
            if (closing.await(NEXT_PRODUCER.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("the writer is closed");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Tells a record that never left the caller's thread from one that failed on its way. */
    private final class Attempt {
        private final String topic;
        private final Acknowledging all;
        private boolean calling = true;
        private boolean turnedAway;

        Attempt(String topic, Acknowledging all) {
            this.topic = topic;
            this.all = all;
        }

        synchronized void answered(RecordMetadata place, Exception failure) {
            if (failure == null) {
                all.acknowledged(place);
            } else if (calling && failure instanceof TimeoutException) {
                turnedAway = true;
            } else {
                noteRefusal(topic, failure);
                all.fail(isClosed() ? new IllegalStateException("the writer is closed", failure) : failure);
            }
        }

        synchronized boolean leftHome() {
            calling = false;
            return !turnedAway;
        }
    }

    private void noteRefusal(String topic, Exception failure) {
        boolean ownFault = failure instanceof RecordTooLargeException
                || failure instanceof SerializationException
                || failure instanceof InvalidRecordException;
        if (!ownFault && !isClosed()) {
            refusals.put(topic, new Refusal(failure.getMessage(), nanoTime.getAsLong()));
        }
    }

    /** Lets what is under way finish, at most 3 s long. Blocks so long. */
    @Override
    public void close() {
        closing.countDown();
        sender.shutdown();
        Producer<String, byte[]> made = producer;
        if (made != null) {
            made.close(LAST_WORDS);
        }
    }
}
