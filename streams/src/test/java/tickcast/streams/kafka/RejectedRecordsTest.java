package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(20)
class RejectedRecordsTest {

    private static final int MAX_REQUEST = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private boolean refusesAll;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** Refuses what Kafka's own producer refuses. */
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()) {
                @Override
                public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> row, Callback callback) {
                    int bytes = row.value().length
                            + (row.key() == null ? 0 : row.key().getBytes(StandardCharsets.UTF_8).length);
                    if (bytes > MAX_REQUEST || refusesAll) {
                        RecordTooLargeException tooLarge = new RecordTooLargeException(bytes + " bytes");
                        callback.onCompletion(null, tooLarge);
                        throw tooLarge;
                    }
                    return super.send(row, callback);
                }
            };

    private final RecordWriter writer = new RecordWriter(() -> producer, "test", meters, System::nanoTime);
    private final RejectedRecords rejected =
            new RejectedRecords(writer, "rejected", meters, () -> Instant.parse("2026-01-05T12:00:00Z"));

    @AfterEach
    void close() {
        writer.close();
    }

    private void reject(String key, byte[] value, String reason) throws Exception {
        rejected.reject(new ConsumerRecord<>("trades", 3, 42, key, value), reason)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private ProducerRecord<String, byte[]> last() {
        return producer.history().get(producer.history().size() - 1);
    }

    @Test
    void shouldFindRoomForWhateverSomebodyWrote() throws Exception {
        String endless = "x".repeat(900_000);
        reject(endless, new byte[900_000], "the key must be \"BTC/USD\", was \"" + endless + '"');
        assertNull(last().key(), "a cut key would be another one's");
        JsonNode said = JSON.readTree(last().value());
        assertEquals("x".repeat(1000) + "…", said.path("key").asText());
        assertTrue(said.path("reason").asText().startsWith("the key must be \"BTC/USD\", was \"xxx"));
        assertTrue(last().value().length < 500_000, last().value().length + " bytes");
        assertEquals(42, said.path("offset").asLong());
        assertEquals(900_000, said.path("valueBytes").asLong());
    }

    @Test
    void shouldKeepAShortRecordAsItCame() throws Exception {
        reject("BTC/USD", "{\"v\":1".getBytes(StandardCharsets.UTF_8), "not JSON");
        assertEquals("BTC/USD", last().key());
        JsonNode said = JSON.readTree(last().value());
        assertEquals("BTC/USD", said.path("key").asText());
        assertEquals("{\"v\":1", said.path("value").asText());
        reject(null, new byte[] {(byte) 0xff, 0}, "not JSON");
        assertTrue(JSON.readTree(last().value()).path("key").isNull());
        assertEquals("/wA=", JSON.readTree(last().value()).path("valueBase64").asText());
    }

    @Test
    void shouldCutALongTextBetweenTwoCharacters() throws Exception {
        String text = "a" + "€".repeat(30_000);
        reject("BTC/USD", text.getBytes(StandardCharsets.UTF_8), "not JSON");
        String kept = JSON.readTree(last().value()).path("value").asText();
        assertEquals(text.substring(0, 1 + (65_536 - 1) / 3), kept);
    }

    @Test
    void shouldGoOnWhenItCannotBeWritten() throws Exception {
        refusesAll = true;
        reject("BTC/USD", new byte[0], "no record");
        assertEquals(
                1,
                meters.counter("tickcast.kafka.rejected.unwritten.records", "topic", "trades")
                        .count());
    }

    @Test
    void shouldNotPassOverARecordBecauseItEnds() {
        writer.close();
        assertThrows(ExecutionException.class, () -> reject("BTC/USD", new byte[0], "no record"));
    }

    @Test
    void shouldLogTheFirstOfEachKindOfReason() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(RejectedRecords.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            for (int i = 0; i < 3; i++) {
                reject("BTC/USD", new byte[0], "trade " + i + " lies in the future");
                reject("BTC/USD", new byte[0], "the key must be \"BTC/USD\", was \"" + i + '"');
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertEquals(2, lines.list.size(), lines.list::toString);
    }
}
