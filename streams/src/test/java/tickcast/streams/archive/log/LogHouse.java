package tickcast.streams.archive.log;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.pattern.Patterns;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaServer;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.KafkaTopics;
import tickcast.streams.kafka.RecordWriter;
import tickcast.streams.kafka.RejectedRecords;

/** An archive on a real Kafka with topics of its own, and a store that can go away. */
public final class LogHouse implements AutoCloseable {

    private static final MarketSource SOURCE = MarketSource.KRAKEN;

    private final ActorSystem<?> system;
    private final KafkaSettings settings;
    private final Path directory;
    private final RecordWriter rejects;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private SimpleMeterRegistry archiveMeters;
    private FlakyArchive store;
    private KafkaArchive archive;
    private Archiver archiver;

    public LogHouse(ActorSystem<?> system, Path directory) {
        this(system, directory, settings(KafkaServer.shared().bootstrapServers(), UUID.randomUUID()));
    }

    public LogHouse(ActorSystem<?> system, Path directory, KafkaSettings settings) {
        this.system = system;
        this.directory = directory;
        this.settings = settings;
        try (Admin admin = Admin.create(KafkaTopics.adminProperties(settings))) {
            await(ensured(admin, 50));
        }
        this.rejects = new RecordWriter(settings, "rejects", meters);
    }

    /** Topics that were just made are not known everywhere at once. */
    private CompletionStage<Void> ensured(Admin admin, int attempts) {
        return Patterns.retry(
                () -> KafkaTopics.ensure(admin, settings),
                attempts,
                Duration.ofMillis(50),
                Adapter.toClassic(system).scheduler(),
                system.executionContext());
    }

    /** Topics that nobody else uses. */
    public static KafkaSettings settings(String servers, Object unique) {
        Map<BusTopic, KafkaSettings.Topic> topics = new EnumMap<>(BusTopic.class);
        for (BusTopic topic : BusTopic.values()) {
            topics.put(topic, new KafkaSettings.Topic(topic.label() + "-" + unique, Duration.ofDays(36500), "delete"));
        }
        return new KafkaSettings(servers, 2, (short) 1, "lz4", topics, Map.of());
    }

    public void open() {
        open(KafkaArchive.Memory.USUAL);
    }

    public void open(KafkaArchive.Memory memory) {
        open(EmbeddedArchive.open(directory, SOURCE), memory);
    }

    /** Over another store, which is closed with the archive. */
    public void open(Archive behind, KafkaArchive.Memory memory) {
        archiveMeters = new SimpleMeterRegistry();
        store = new FlakyArchive(behind);
        archive = KafkaArchive.open(settings, SOURCE, store, memory, archiveMeters);
    }

    public void startArchiver() {
        RejectedRecords rejected =
                new RejectedRecords(rejects, settings.name(BusTopic.REJECTED), meters, InstantSource.system());
        archiver = Archiver.start(system, settings, SOURCE, store, rejected, meters, InstantSource.system());
    }

    public void stopArchiver() {
        if (archiver != null) {
            await(archiver.stop());
            archiver = null;
        }
    }

    public KafkaSettings settings() {
        return settings;
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    public Archiver archiver() {
        return archiver;
    }

    public KafkaArchive archive() {
        return archive;
    }

    public FlakyArchive store() {
        return store;
    }

    /** About how many bytes wait in memory for the store. */
    public double pendingBytes() {
        return archiveMeters.get("tickcast.log.pending.bytes").gauge().value();
    }

    /** Reasons of the first rejected records. */
    public List<String> rejectedReasons(int count) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                settings.bootstrapServers(),
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest");
        List<String> reasons = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(settings.name(BusTopic.REJECTED)));
            Instant end = Instant.now().plusSeconds(30);
            while (reasons.size() < count && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(row -> reasons.add(row.value()));
            }
        }
        return reasons;
    }

    /** Until the store has everything that was written so far. */
    public void awaitArchived() {
        await(archive.archived());
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Stops as a process does that ends in an orderly way. */
    @Override
    public void close() {
        stopArchiver();
        archive.close();
        rejects.close();
    }
}
