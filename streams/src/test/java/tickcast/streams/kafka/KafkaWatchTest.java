package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class KafkaWatchTest {

    private static final ActorTestKit KIT = ActorTestKit.create();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    private static KafkaWatch watch(KafkaSettings settings) {
        return KafkaWatch.start(KIT.system(), settings, new SimpleMeterRegistry(), InstantSource.system());
    }

    private static KafkaSettings changed(
            KafkaSettings of, String servers, int replication, Map<String, Object> client) {
        return new KafkaSettings(servers, of.partitions(), (short) replication, of.compression(), of.topics(), client);
    }

    private static final KafkaSettings SETTINGS = KafkaTopicsTest.settings("watch", 2);

    @Test
    void shouldWaitForAKafkaWhoseNameNobodyKnowsYet() throws Exception {
        KafkaSettings nowhere = changed(SETTINGS, "no-such-host.invalid:9092", 1, Map.of());
        KafkaAdmin.check(nowhere);
        try (KafkaWatch watch = watch(nowhere)) {
            awaitTrouble(watch, "Kafka at no-such-host.invalid:9092 has been away since");
            assertFalse(watch.topicsReady().toCompletableFuture().isDone());
        }
    }

    @Test
    void shouldTellWhatKafkaRefusesAndWhichSettingToChange() throws Exception {
        try (KafkaWatch watch = watch(changed(SETTINGS, SETTINGS.bootstrapServers(), 3, Map.of()))) {
            awaitTrouble(watch, "KAFKA_REPLICATION");
            assertFalse(watch.trouble().contains("away"), watch::trouble);
        }
    }

    @Test
    void shouldTellWhenKafkaAnswersButTakesNothing() throws Exception {
        try (KafkaWatch watch = watch(KafkaTopicsTest.settings("watch-writers", 2))) {
            watch.topicsReady().toCompletableFuture().get(30, TimeUnit.SECONDS);
            assertEquals("", watch.trouble());
            watch.attend(() -> "Kafka refuses what is written.");
            awaitTrouble(watch, "Kafka refuses what is written.");
            assertThrows(
                    Exception.class, () -> watch.probe().toCompletableFuture().get(1, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldCountWhatKafkaDeletedBeforeItWasRead() throws Exception {
        KafkaSettings settings = KafkaTopicsTest.settings("watch-deleted", 1);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        TopicPartition trades = new TopicPartition(settings.name(BusTopic.TRADES), 0);
        try (KafkaWatch watch = KafkaWatch.start(KIT.system(), settings, meters, InstantSource.system());
                RecordWriter writer = new RecordWriter(settings, "deleted", meters);
                Admin admin = Admin.create(KafkaTopics.adminProperties(settings))) {
            watch.topicsReady().toCompletableFuture().get(30, TimeUnit.SECONDS);
            ProducerRecord<String, byte[]> record = new ProducerRecord<>(trades.topic(), "BTC/USD", new byte[1]);
            writer.write(List.of(record, record, record)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            admin.alterConsumerGroupOffsets("late", Map.of(trades, new OffsetAndMetadata(1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            admin.deleteRecords(Map.of(trades, RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            watch.noteDeleted("late");
            KIT.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
                double count = meters.counter("tickcast.kafka.deleted.records").count();
                assertEquals(2, count);
                return count;
            });
        }
    }

    @Test
    void shouldNameAPropertyThatKafkasClientsDoNotTake() {
        String protocol = refusal(Map.of("security.protocol", "TELEPATHY"));
        assertTrue(protocol.contains("security.protocol"), protocol);
        String linger = refusal(Map.of("linger.ms", "soon"));
        assertTrue(linger.contains("linger.ms"), linger);
        String store = refusal(Map.of(
                "security.protocol", "SSL",
                "ssl.truststore.location", "/no/such/store.jks",
                "ssl.truststore.password", "changeit"));
        assertTrue(store.contains("/no/such/store.jks"), store);
        assertFalse(store.contains("changeit"), store);
    }

    private static String refusal(Map<String, Object> client) {
        KafkaSettings wrong = changed(SETTINGS, SETTINGS.bootstrapServers(), 1, client);
        return assertThrows(IllegalArgumentException.class, () -> KafkaAdmin.check(wrong))
                .getMessage();
    }

    private static void awaitTrouble(KafkaWatch watch, String words) throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        watch.onChange(trouble -> {
            if (trouble.contains(words)) {
                told.complete(trouble);
            }
        });
        told.orTimeout(Duration.ofSeconds(20).toMillis(), TimeUnit.MILLISECONDS).get();
    }
}
