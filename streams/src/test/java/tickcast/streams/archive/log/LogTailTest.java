package tickcast.streams.archive.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaAdmin;
import tickcast.streams.kafka.KafkaServer;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.RecordWriter;

/** On a real Kafka. */
@Timeout(120)
class LogTailTest {

    private final AtomicInteger consumers = new AtomicInteger();

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** The first two are of somebody who may not read. */
    private Consumer<String, byte[]> consumer(KafkaSettings settings, ArchiveGroup group) {
        if (consumers.incrementAndGet() > 2) {
            return new KafkaConsumer<>(
                    Map.of("bootstrap.servers", settings.bootstrapServers(), "auto.offset.reset", "earliest"),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
        }
        MockConsumer<String, byte[]> refused = new MockConsumer<>(OffsetResetStrategy.EARLIEST);
        refused.updateBeginningOffsets(group.partitions().keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> 0L)));
        refused.setPollException(new TopicAuthorizationException("not now"));
        return refused;
    }

    @Test
    void shouldGoOnAfterAFailureThatPasses(@TempDir Path directory) {
        ActorTestKit kit = ActorTestKit.create();
        KafkaSettings settings = LogHouse.settings(KafkaServer.shared().bootstrapServers(), UUID.randomUUID());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (LogHouse house = new LogHouse(kit.system(), directory, settings);
                KafkaAdmin admin = new KafkaAdmin(settings);
                RecordWriter writer = new RecordWriter(settings, "tail-test", meters)) {
            house.open();
            ArchiveGroup group = new ArchiveGroup(admin, settings, MarketSource.KRAKEN, house.store());
            try (LogTail tail = new LogTail(
                    () -> consumer(settings, group), "kraken", group, new RecentRecords(16, 1 << 20), meters)) {
                await(tail.caughtUp());
                Map<TopicPartition, Long> places = await(writer.writeAndLocate(List.of(new ProducerRecord<>(
                        settings.name(BusTopic.CANDLES), "BTC/USD", "{}".getBytes(StandardCharsets.UTF_8)))));
                await(tail.read(places));
                assertEquals(3, consumers.get());
                assertEquals(
                        1, meters.counter("tickcast.log.unreadable.records").count());
            }
        }
        kit.shutdownTestKit();
    }

    @Test
    void shouldEndSoonWhileKafkaIsNowhere(@TempDir Path directory) {
        KafkaSettings nowhere = LogHouse.settings("no-such-host.invalid:9092", UUID.randomUUID());
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (KafkaAdmin admin = new KafkaAdmin(nowhere);
                Archive store = EmbeddedArchive.open(directory, MarketSource.KRAKEN)) {
            ArchiveGroup group = new ArchiveGroup(admin, nowhere, MarketSource.KRAKEN, store);
            LogTail tail = new LogTail(nowhere, "kraken", group, new RecentRecords(16, 1 << 20), meters);
            long closedAt = System.nanoTime();
            tail.close();
            assertTrue(System.nanoTime() - closedAt < Duration.ofSeconds(10).toNanos());
            assertTrue(tail.caughtUp().isCompletedExceptionally());
        }
    }
}
