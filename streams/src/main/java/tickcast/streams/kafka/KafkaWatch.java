package tickcast.streams.kafka;

import akka.Done;
import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.Times;

/**
 * Asks Kafka every two seconds how far the trades topic goes: so it is known whether Kafka answers, what it takes to be
 * ready, and how far reading lags behind. Makes the topics first. Thread safe.
 */
public final class KafkaWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final InstantSource clock;
    private final KafkaAdmin admin;
    private final Cancellable timer;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final CompletableFuture<Done> topicsReady = new CompletableFuture<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private final List<Supplier<String>> writers = new CopyOnWriteArrayList<>();
    private volatile String trouble = "";
    /** What Kafka has said against it, empty when it says nothing at all; absent while there is no trouble. */
    private Optional<String> cause = Optional.empty();
    /** Whether the last answer was a refusal that may pass. */
    private boolean doubted;

    private KafkaWatch(ActorSystem<?> system, KafkaSettings settings, MeterRegistry meters, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.admin = new KafkaAdmin(settings);
        Gauge.builder("tickcast.kafka.up", this, watch -> watch.trouble.isEmpty() ? 1 : 0)
                .description("Whether Kafka answers")
                .register(meters);
        this.timer = system.scheduler()
                .scheduleWithFixedDelay(Duration.ZERO, INTERVAL, this::ask, system.executionContext());
    }

    public static KafkaWatch start(
            ActorSystem<?> system, KafkaSettings settings, MeterRegistry meters, InstantSource clock) {
        return new KafkaWatch(system, settings, meters, clock);
    }

    /** Completes when every topic exists, however long Kafka is away; fails with {@link KafkaTopics.WrongPartitions}. */
    public CompletionStage<Done> topicsReady() {
        return topicsReady.copy();
    }

    /** One plain sentence when Kafka can't be used right now, else empty. */
    public String trouble() {
        return trouble;
    }

    /** Completes when Kafka can be used, fails with the trouble otherwise. */
    public CompletionStage<Done> probe() {
        String now = trouble;
        if (!now.isEmpty()) {
            return CompletableFuture.failedStage(new IllegalStateException(now));
        }
        return topicsReady.isDone()
                ? topicsReady()
                : CompletableFuture.failedStage(new IllegalStateException("Kafka has not answered yet"));
    }

    /** Returns what ends it. @param listener told the trouble now and whenever it changes; empty = none */
    public Runnable onChange(Consumer<String> listener) {
        listeners.add(listener);
        listener.accept(trouble);
        return () -> listeners.remove(listener);
    }

    /** @param writer tells its own trouble, empty = none: Kafka may answer questions and yet take nothing */
    public void attend(Supplier<String> writer) {
        writers.add(writer);
    }

    /** Says how far a partition of the trades topic was read and done with. @param next offset of the next record */
    void done(int partition, long next) {
        if (positions.put(partition, next) == null) {
            Gauge.builder("tickcast.kafka.lag.records", this, watch -> watch.lag(partition))
                    .description("Records of the trades topic that this node has not done with")
                    .tag("partition", Integer.toString(partition))
                    .register(meters);
        }
    }

    /**
     * Looks once, as soon as Kafka answers, whether the log's retention has deleted trades before a group had done with
     * them: reading begins after the hole then, which is counted and logged.
     */
    void noteDeleted(String group) {
        topicsReady
                .thenCompose(ready -> admin.client())
                .thenCompose(client -> client.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .toCompletionStage()
                        .thenCombine(offsets(client, OffsetSpec.earliest()), this::noteDeleted))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.debug("It is not known whether trades of {} were deleted", group, failure);
                    }
                });
    }

    private Done noteDeleted(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, ListOffsetsResultInfo> earliest) {
        earliest.forEach((partition, first) -> {
            long missing = committed.containsKey(partition)
                    ? first.offset() - committed.get(partition).offset()
                    : 0;
            if (missing > 0) {
                meters.counter("tickcast.kafka.deleted.records").increment(missing);
                LOG.error(
                        "{} records of {} were deleted by Kafka's retention before they were done with: up to offset {}.",
                        missing,
                        partition,
                        first.offset());
            }
        });
        return Done.getInstance();
    }

    /** A partition is read elsewhere now. */
    void released(int partition) {
        positions.replace(partition, -1L);
    }

    private double lag(int partition) {
        long position = positions.getOrDefault(partition, -1L);
        return position < 0 ? Double.NaN : Math.max(0, ends.getOrDefault(partition, position) - position);
    }

    private void ask() {
        if (!asking.compareAndSet(false, true)) {
            return;
        }
        CompletionStage<?> answer = topicsReady.isDone() ? readEnds() : ensureTopics();
        answer.whenComplete((done, failure) -> {
            try {
                settle(failure);
            } finally {
                asking.set(false);
            }
        });
    }

    private CompletionStage<Void> ensureTopics() {
        return admin.client()
                .thenCompose(client -> KafkaTopics.ensure(client, settings))
                .thenAccept(done -> topicsReady.complete(Done.getInstance()));
    }

    private CompletionStage<Void> readEnds() {
        return admin.client()
                .thenCompose(client -> offsets(client, OffsetSpec.latest()))
                .thenAccept(this::keep);
    }

    /** Of every partition of the trades topic. */
    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(Admin client, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        String topic = settings.name(BusTopic.TRADES);
        for (int i = 0; i < settings.partitions(); i++) {
            wanted.put(new TopicPartition(topic, i), which);
        }
        return client.listOffsets(wanted).all().toCompletionStage();
    }

    private void keep(Map<TopicPartition, ListOffsetsResultInfo> found) {
        found.forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    }

    private void settle(Throwable failure) {
        if (failure == null) {
            cause = Optional.empty();
            doubted = false;
            become(writers.stream()
                    .map(Supplier::get)
                    .filter(words -> !words.isEmpty())
                    .findFirst()
                    .orElse(""));
        } else if (KafkaTrouble.causeOf(failure) instanceof KafkaTopics.WrongPartitions wrong) {
            topicsReady.completeExceptionally(wrong);
            timer.cancel();
            become(wrong.getMessage());
        } else if (KafkaTrouble.isAway(failure)) {
            tell(
                    "",
                    "has been away since " + Times.iso(clock.instant())
                            + "; nothing is lost, everything waits for it.");
        } else if (KafkaTrouble.causeOf(failure) instanceof RetriableException && !doubted) {
            doubted = true; // a topic that was just made, for instance, is not known everywhere at once
        } else {
            String words = KafkaTrouble.words(failure);
            tell(words, "can't be used, it has said since " + Times.iso(clock.instant()) + ": " + words);
            LOG.debug("Kafka refuses", failure);
        }
    }

    /** The same cause is told once, with the time at which it was new. */
    private void tell(String why, String sentence) {
        if (!cause.equals(Optional.of(why))) {
            cause = Optional.of(why);
            become("Kafka at " + settings.bootstrapServers() + " " + sentence);
        }
    }

    private void become(String next) {
        if (next.equals(trouble)) {
            return;
        }
        trouble = next;
        if (next.isEmpty()) {
            LOG.info("Kafka at {} answers again.", settings.bootstrapServers());
        } else {
            LOG.warn(next);
        }
        listeners.forEach(listener -> listener.accept(next));
    }

    @Override
    public void close() {
        timer.cancel();
        admin.close();
    }
}
