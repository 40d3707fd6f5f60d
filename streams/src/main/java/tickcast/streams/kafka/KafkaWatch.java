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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
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
    private final Admin admin;
    private final Cancellable timer;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final CompletableFuture<Done> topicsReady = new CompletableFuture<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    private final Map<Integer, Long> positions = new ConcurrentHashMap<>();
    private final MeterRegistry meters;
    private volatile String trouble = "";

    private KafkaWatch(ActorSystem<?> system, KafkaSettings settings, MeterRegistry meters, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.meters = meters;
        this.admin = Admin.create(KafkaTopics.adminProperties(settings));
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

    /** Says how far a partition of the trades topic was read and done with. @param next offset of the next record */
    void done(int partition, long next) {
        if (positions.put(partition, next) == null) {
            Gauge.builder("tickcast.kafka.lag.records", this, watch -> watch.lag(partition))
                    .description("Records of the trades topic that this node has not done with")
                    .tag("partition", Integer.toString(partition))
                    .register(meters);
        }
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
            asking.set(false);
            settle(failure instanceof CompletionException ? failure.getCause() : failure);
        });
    }

    private CompletionStage<Void> ensureTopics() {
        return KafkaTopics.ensure(admin, settings).thenAccept(done -> topicsReady.complete(Done.getInstance()));
    }

    private CompletionStage<Void> readEnds() {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        String topic = settings.name(BusTopic.TRADES);
        for (int i = 0; i < settings.partitions(); i++) {
            wanted.put(new TopicPartition(topic, i), OffsetSpec.latest());
        }
        return admin.listOffsets(wanted).all().toCompletionStage().thenAccept(this::keep);
    }

    private void keep(Map<TopicPartition, ListOffsetsResultInfo> found) {
        found.forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    }

    private void settle(Throwable failure) {
        if (failure instanceof KafkaTopics.WrongPartitions wrong) {
            topicsReady.completeExceptionally(wrong);
            timer.cancel();
            become(wrong.getMessage());
        } else if (failure == null) {
            become("");
        } else if (trouble.isEmpty()) {
            become("Kafka at " + settings.bootstrapServers() + " has been away since " + Times.iso(clock.instant())
                    + "; nothing is lost, everything waits for it.");
            LOG.debug("Kafka does not answer", failure);
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
        admin.close(Duration.ofSeconds(1));
    }
}
