package tickcast.streams.archive.log;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.kafka.CommitterSettings;
import akka.kafka.ConsumerMessage.Committable;
import akka.kafka.ConsumerMessage.CommittableMessage;
import akka.kafka.ConsumerSettings;
import akka.kafka.Subscriptions;
import akka.kafka.javadsl.Committer;
import akka.kafka.javadsl.Consumer;
import akka.pattern.Patterns;
import akka.stream.KillSwitches;
import akka.stream.RestartSettings;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.RestartSource;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.kafka.Consumers;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.RejectedRecords;

/**
 * Brings one source's records from the log into its store, in the log's order, and moves the group's offset after the
 * store has them. While the store is away it tries again and again and the log keeps everything; a batch of at most
 * {@value #MOST_PER_BATCH} records is under way, as many again and what the consumer has fetched wait in memory. What can't
 * be decoded, or what the store refuses, goes to the topic for rejected records, and the rest goes on. Several nodes may run
 * one each: they share the partitions.
 *
 * <p>A record may come twice, after a crash for instance: the store's ids make nothing of it. Thread safe.
 */
public final class Archiver {

    static final int MOST_PER_BATCH = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger(Archiver.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final RestartSettings RESTART =
            RestartSettings.create(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final MarketSource source;
    private final Archive store;
    private final StoreWriter writer;
    private final Map<String, LogKind<?>> topics;
    private final SharedKillSwitch tap = KillSwitches.shared("archiver");
    private final AtomicReference<Consumer.Control> control = new AtomicReference<>(Consumer.createNoopControl());
    private final CompletionStage<Done> stopped;

    private Archiver(
            ActorSystem<?> system, KafkaSettings settings, MarketSource source, Archive store, StoreWriter writer) {
        this.system = system;
        this.settings = settings;
        this.source = source;
        this.store = store;
        this.writer = writer;
        this.topics = LogKind.ALL.stream()
                .collect(Collectors.toUnmodifiableMap(kind -> settings.name(kind.topic()), kind -> kind));
        this.stopped = RestartSource.onFailuresWithBackoff(RESTART, this::oneRun)
                .via(tap.flow())
                .runWith(Sink.ignore(), system);
    }

    /**
     * Starts; the topics must be there, and a {@link KafkaArchive} over the store. {@code clock} is for people: since when the
     * store is away.
     */
    public static Archiver start(
            ActorSystem<?> system,
            KafkaSettings settings,
            MarketSource source,
            Archive store,
            RejectedRecords rejected,
            MeterRegistry meters,
            InstantSource clock) {
        StoreWriter writer = new StoreWriter(system, source.key(), store, rejected, meters, clock);
        return new Archiver(system, settings, source, store, writer);
    }

    private Source<Done, NotUsed> oneRun() {
        return Source.completionStageSource(group().thenApply(this::archiving))
                .mapMaterializedValue(begun -> NotUsed.getInstance());
    }

    /** The store's own; it may be away, and one that is new gets its group in a moment. */
    private CompletionStage<String> group() {
        return writer.ask(() -> ArchiveGroup.nameOf(source, store))
                .thenCompose(name -> name.isPresent()
                        ? CompletableFuture.completedStage(name.get())
                        : Patterns.after(LOOK_AGAIN, system, this::group));
    }

    private Source<Done, NotUsed> archiving(String group) {
        return Consumer.committableSource(consumerSettings(group), Subscriptions.topics(topics.keySet()))
                .mapMaterializedValue(own -> {
                    control.set(own);
                    return NotUsed.getInstance();
                })
                .batch(MOST_PER_BATCH, this::begin, this::extend)
                .mapAsync(1, this::archive)
                .via(Committer.flow(
                        CommitterSettings.create(system).withMaxBatch(1).withParallelism(1)))
                .watchTermination((notUsed, done) -> {
                    done.whenComplete((end, failure) -> ended(failure));
                    return notUsed;
                });
    }

    private LogBatch begin(CommittableMessage<String, byte[]> message) {
        return extend(new LogBatch(source.key()), message);
    }

    private LogBatch extend(LogBatch batch, CommittableMessage<String, byte[]> message) {
        batch.add(topics.get(message.record().topic()), message);
        return batch;
    }

    private CompletionStage<Committable> archive(LogBatch batch) {
        return writer.write(batch).thenApply(done -> batch.offsets());
    }

    private void ended(Throwable failure) {
        if (failure != null) {
            LOG.warn("Archiving of {} was interrupted and starts again: {}", source.key(), failure.toString());
        }
    }

    private ConsumerSettings<String, byte[]> consumerSettings(String group) {
        return Consumers.settings(system, settings)
                .withGroupId(group)
                .withProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "2000")
                .withProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(8 << 20));
    }

    /** One plain sentence while the store can't be written, else empty. */
    public String trouble() {
        return writer.trouble();
    }

    /** Takes no more, lets what is under way finish and be committed, at most 1 s long, and stops. */
    public CompletionStage<Done> stop() {
        return control.get()
                .stop()
                .thenCompose(reading -> stopped.toCompletableFuture()
                        .copy()
                        .completeOnTimeout(Done.getInstance(), LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS))
                .exceptionally(failure -> Done.getInstance())
                .thenCompose(done -> {
                    writer.giveUp();
                    tap.shutdown();
                    return control.get().shutdown();
                })
                .exceptionally(notBegunYet -> Done.getInstance());
    }
}
