package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RecordWriterTest {

    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    private final AtomicLong nanos = new AtomicLong();
    private RecordWriter writer = writer(() -> producer);

    private RecordWriter writer(Supplier<Producer<String, byte[]>> making) {
        return new RecordWriter(making, "test", new SimpleMeterRegistry(), nanos::get);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    private CompletableFuture<Done> write() {
        return writer.write(List.of(new ProducerRecord<>("trades", "BTC/USD", new byte[] {1})))
                .toCompletableFuture();
    }

    /** Lets Kafka answer the next record, as soon as it has come; in this thread, as if it was the producer's own. */
    private void answer(RuntimeException failureOrNull) {
        boolean answered = false;
        while (!answered) {
            answered = failureOrNull == null ? producer.completeNext() : producer.errorNext(failureOrNull);
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldGoOnInOtherThreadsThanTheProducersOwn() throws Exception {
        CompletableFuture<Thread> thread = write().thenApply(done -> Thread.currentThread());
        CompletableFuture<Thread> failing = write().handle((done, failure) -> Thread.currentThread());
        answer(null);
        answer(new TopicAuthorizationException("no"));
        assertNotEquals(Thread.currentThread(), thread.get(10, TimeUnit.SECONDS));
        assertNotEquals(Thread.currentThread(), failing.get(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldTellThatNothingIsAcknowledged() throws Exception {
        CompletableFuture<Done> first = write();
        nanos.addAndGet(Duration.ofSeconds(14).toNanos());
        CompletableFuture<Done> second = write();
        assertEquals("", writer.trouble());
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertTrue(writer.trouble().startsWith("Kafka has not acknowledged what was written more than 15 s ago"));
        answer(null);
        first.get(10, TimeUnit.SECONDS);
        assertEquals("", writer.trouble());
        answer(null);
        second.get(10, TimeUnit.SECONDS);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertEquals("", writer.trouble());
    }

    @Test
    void shouldTellThatWritingIsRefusedUntilItIsAllowed() throws Exception {
        CompletableFuture<Done> refused = write();
        answer(new TopicAuthorizationException("Not authorized to access topics: [trades]"));
        refused.handle((done, failure) -> failure).get(10, TimeUnit.SECONDS);
        assertEquals(
                "Kafka refuses what is written to trades: Not authorized to access topics: [trades]", writer.trouble());
        CompletableFuture<Done> taken = write();
        answer(null);
        taken.get(10, TimeUnit.SECONDS);
        assertEquals("", writer.trouble());
    }

    @Test
    void shouldWaitForAProducerWhileTheNameOfKafkaCannotBeResolved() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        writer = writer(() -> {
            if (attempts.incrementAndGet() == 1) {
                throw new KafkaException(
                        "Failed to construct kafka producer", new ConfigException("No resolvable bootstrap urls"));
            }
            return producer;
        });
        CompletableFuture<Done> written = write();
        answer(null);
        written.get(10, TimeUnit.SECONDS);
        assertEquals(2, attempts.get());
    }

    @Test
    void shouldFailWhatWaitsWhenItIsClosedBeforeThereIsAProducer() throws Exception {
        writer = writer(() -> {
            throw new KafkaException("Failed to construct kafka producer");
        });
        CompletableFuture<Done> waiting = write();
        assertFalse(waiting.isDone());
        writer.close();
        Throwable failure = waiting.handle((done, why) -> why).get(10, TimeUnit.SECONDS);
        assertTrue(failure.getCause() instanceof IllegalStateException, failure::toString);
    }
}
