package tickcast.streams.archive.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.recent.Place;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.Stamped;

/**
 * Reads the newest part of the log into memory: from where the store's knowledge ends, on and on. So every node sees what
 * others have written, what an earlier life has left, and all of it in the log's own order. It belongs to no consumer
 * group and has a thread of its own, because a write waits until it is read back: polling by a scheduler would add up to
 * 50 ms to each.
 */
final class LogTail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PROGRESS_INTERVAL_NANOS = Duration.ofMillis(500).toNanos();
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaSettings settings;
    private final String source;
    private final ArchiveGroup group;
    private final RecentRecords recent;
    private final Counter unreadable;
    private final Map<TopicPartition, LogKind<?>> partitions;
    private final Positions read = new Positions();
    private final Positions archived = new Positions();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;
    private long nextProgress = System.nanoTime();

    LogTail(KafkaSettings settings, String source, ArchiveGroup group, RecentRecords recent, MeterRegistry meters) {
        this.settings = settings;
        this.source = source;
        this.group = group;
        this.recent = recent;
        this.partitions = group.partitions();
        this.unreadable = Counter.builder("tickcast.log.unreadable.records")
                .description("Records of the archive's topics that could not be read back")
                .register(meters);
        this.consumer =
                new KafkaConsumer<>(properties(settings), new StringDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(this::run, "log-tail-" + source);
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private static Map<String, Object> properties(KafkaSettings settings) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        properties.putIfAbsent(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
        return properties;
    }

    /** Completes when everything is in memory that was in the log, and not in the store, when this was made. */
    CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    /** Completes when records up to and including these offsets are in memory. */
    CompletionStage<Void> read(Map<TopicPartition, Long> offsets) {
        return read.reached(after(offsets));
    }

    /** Completes when the store knows everything that is in memory now. */
    CompletionStage<Void> archived() {
        return archived.reached(read.now());
    }

    /** Completes when everything is in memory that is in the log now. */
    CompletionStage<Void> readToTheEnd() {
        return group.ends(List.copyOf(partitions.keySet())).thenCompose(read::reached);
    }

    private static Map<TopicPartition, Long> after(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> after = new HashMap<>();
        offsets.forEach((partition, offset) -> after.put(partition, offset + 1));
        return after;
    }

    private void run() {
        try {
            begin();
            while (!closed) {
                pollOnce();
            }
        } catch (WakeupException | InterruptException e) {
            LOG.debug("The log's tail is closed");
        } catch (RuntimeException | Error e) {
            LOG.error("The log's tail can't be read any more: restart this node", e);
            fail(e);
        } finally {
            consumer.close(Duration.ZERO);
        }
    }

    /** Finds where to begin, however long Kafka is away. */
    private void begin() {
        Map<TopicPartition, Long> committed = Map.of();
        Map<TopicPartition, Long> ends = Map.of();
        while (ends.isEmpty() && !closed) {
            try {
                committed = group.committed().toCompletableFuture().get(30, TimeUnit.SECONDS);
                ends = group.ends(List.copyOf(partitions.keySet()))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.info("The log can't be read yet ({}); trying again", e.toString());
                pause();
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
        consumer.assign(partitions.keySet());
        for (TopicPartition partition : partitions.keySet()) {
            seek(partition, committed);
        }
        noteProgress(committed);
        read.reached(ends).thenRun(() -> caughtUp.complete(null));
    }

    private void seek(TopicPartition partition, Map<TopicPartition, Long> committed) {
        Long from = committed.get(partition);
        if (from == null) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, from);
            read.advance(partition, from);
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void pollOnce() {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, byte[]>> rows = records.records(partition);
            rows.forEach(row -> take(partitions.get(partition), row));
            read.advance(partition, rows.get(rows.size() - 1).offset() + 1);
        }
        if (!caughtUp.isDone()) {
            partitions.keySet().forEach(partition -> read.advance(partition, consumer.position(partition)));
        }
        askForProgress();
    }

    private <T> void take(LogKind<T> kind, ConsumerRecord<String, byte[]> row) {
        try {
            Stamped<T> record = kind.codec().decode(row.value() == null ? new byte[0] : row.value());
            if (record.source().equals(source)) {
                recent.add(record.fact(), record.epoch(), new Place(kind.lane(row.partition()), row.offset()));
            }
        } catch (MalformedRecord e) {
            unreadable.increment(); // the archiver puts it among the rejected
            LOG.debug("Unreadable: {} {} {}", row.topic(), row.partition(), row.offset(), e);
        }
    }

    private void askForProgress() {
        if (System.nanoTime() - nextProgress < 0 || !asking.compareAndSet(false, true)) {
            return;
        }
        nextProgress = System.nanoTime() + PROGRESS_INTERVAL_NANOS;
        group.committed().whenComplete((committed, failure) -> {
            asking.set(false);
            if (failure == null) {
                noteProgress(committed);
            }
        });
    }

    private void noteProgress(Map<TopicPartition, Long> committed) {
        committed.forEach((partition, offset) -> {
            LogKind<?> kind = partitions.get(partition);
            if (kind != null) {
                recent.archived(kind.lane(partition.partition()), offset);
                archived.advance(partition, offset);
            }
        });
    }

    private void fail(Throwable why) {
        ArchiveUnavailable failure = new ArchiveUnavailable("the log can't be read back: " + why.getMessage(), why);
        caughtUp.completeExceptionally(failure);
        read.fail(failure);
        archived.fail(failure);
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(PAUSE.toMillis() * 3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fail(new IllegalStateException("closed"));
    }
}
