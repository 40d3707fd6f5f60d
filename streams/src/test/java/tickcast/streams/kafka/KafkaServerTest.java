package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaServerTest {

    @Test
    void shouldKeepItsDataThroughRestartAndStandStillWhileSuspended() throws Exception {
        KafkaServer server = KafkaServer.fresh();
        Map<String, Object> settings = Map.of("bootstrap.servers", server.bootstrapServers());
        try (Admin admin = Admin.create(settings);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            ProducerRecord<String, String> row = new ProducerRecord<>("kept", "k", "v");
            assertEquals(0, producer.send(row).get(20, TimeUnit.SECONDS).offset());
            server.kill();
            assertFalse(server.isRunning());
            server.start();
            assertEquals(1, producer.send(row).get(20, TimeUnit.SECONDS).offset());
            server.suspend();
            var later = producer.send(row);
            assertThrows(TimeoutException.class, () -> later.get(300, TimeUnit.MILLISECONDS));
            server.resume();
            assertEquals(2, later.get(20, TimeUnit.SECONDS).offset());
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            server.remove();
        }
        assertFalse(server.isRunning());
        assertTrue(server.bootstrapServers().startsWith("127.0.0.1:"));
    }
}
