package tickcast.streams.archive.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String source;
    private final ArchiveGroup group;
    private final RecentRecords recent;
    private final Counter unreadable;
    private final Counter lost;
    private final Map<TopicPartition, LogKind<?>> partitions;
    private final Positions read = new Positions();
    private final Positions archived = new Positions();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final Supplier<Consumer<String, byte[]>> making;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<Consumer<String, byte[]>> consumer = Optional.empty();
    private long nextProgress = System.nanoTime();

    LogTail(KafkaSettings settings, String source, ArchiveGroup group, RecentRecords recent, MeterRegistry meters) {
        this(
                () -> new KafkaConsumer<>(properties(settings), new StringDeserializer(), new ByteArrayDeserializer()),
                source,
                group,
                recent,
                meters);
    }

    /** @param making makes a consumer, in the tail's thread; the next one after that has failed */
    LogTail(
            Supplier<Consumer<String, byte[]>> making,
            String source,
            ArchiveGroup group,
            RecentRecords recent,
            MeterRegistry meters) {
        this.making = making;
        this.source = source;
        this.group = group;
        this.recent = recent;
        this.partitions = group.partitions();
        this.unreadable = Counter.builder("tickcast.log.unreadable.records")
                .description("Records of the archive's topics that could not be read back")
                .register(meters);
        this.lost = Counter.builder("tickcast.log.lost.records")
                .description("Records that Kafka had deleted before they were archived")
                .register(meters);
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
    CompletableFuture<Void> caughtUp() {
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

    /** For as long as it takes: what stops it passes, or somebody mends it; memory takes no record twice. */
    private void run() {
        String told = "";
        while (!isClosed()) {
            try {
                follow();
            } catch (WakeupException | InterruptException e) {
                LOG.debug("The log's tail is closed");
            } catch (RuntimeException e) {
                if (!e.toString().equals(told)) {
                    told = e.toString();
                    LOG.warn("The log can't be read now, it is tried again and again: {}", told);
                }
                pause();
            } catch (Error e) {
                LOG.error("The log's tail can't be read any more: restart this node", e);
                fail(e);
                return;
            }
        }
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Reads from where the store's knowledge ends, or memory's own, until it is closed or something fails. */
    private void follow() {
        Map<TopicPartition, Long> committed = answer(group.committed());
        Map<TopicPartition, Long> ends = answer(group.ends(List.copyOf(partitions.keySet())));
        Consumer<String, byte[]> own = making.get();
        consumer = Optional.of(own);
        try {
            begin(own, committed, ends);
            while (!isClosed()) {
                pollOnce(own);
            }
        } finally {
            own.close(Duration.ZERO);
        }
    }

    private static <T> T answer(CompletionStage<T> asked) {
        try {
            return asked.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new KafkaException(root.toString(), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void begin(
            Consumer<String, byte[]> own, Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
        own.assign(partitions.keySet());
        noteDeleted(own.beginningOffsets(partitions.keySet()), committed);
        Map<TopicPartition, Long> known = read.now();
        for (TopicPartition partition : partitions.keySet()) {
            seek(own, partition, Optional.ofNullable(known.getOrDefault(partition, committed.get(partition))));
        }
        noteProgress(committed);
        read.reached(ends).thenRun(() -> caughtUp.complete(null));
    }

    /** What the log's retention has deleted before the store had it is lost, and is not to be so in silence. */
    private void noteDeleted(Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> committed) {
        committed.forEach((partition, next) -> {
            long missing = beginnings.getOrDefault(partition, 0L) - next;
            if (missing > 0) {
                lost.increment(missing);
                LOG.error(
                        "{} records of {} were deleted by Kafka's retention before they were archived: up to offset {}.",
                        missing,
                        partition,
                        beginnings.get(partition));
            }
        });
    }

    private void seek(Consumer<String, byte[]> own, TopicPartition partition, Optional<Long> from) {
        if (from.isEmpty()) {
            own.seekToBeginning(List.of(partition));
        } else {
            own.seek(partition, from.get());
            read.advance(partition, from.get());
        }
    }

    private void pollOnce(Consumer<String, byte[]> own) {
        ConsumerRecords<String, byte[]> records = own.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<String, byte[]>> rows = records.records(partition);
            rows.forEach(row -> take(partitions.get(partition), row));
            read.advance(partition, rows.get(rows.size() - 1).offset() + 1);
        }
        if (!caughtUp.isDone()) {
            partitions.keySet().forEach(partition -> read.advance(partition, own.position(partition)));
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
        closing.countDown();
        consumer.ifPresent(Consumer::wakeup);
        try {
            thread.join(PAUSE.toMillis() * 3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        fail(new IllegalStateException("closed"));
    }
}
