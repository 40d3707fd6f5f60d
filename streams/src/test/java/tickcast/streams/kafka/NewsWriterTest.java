package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tickcast.model.market.MarketSource;
import tickcast.model.sentiment.NewsItem;

class NewsWriterTest {

    private static final ActorTestKit KIT = ActorTestKit.create();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BlockingQueue<String> written = new LinkedBlockingQueue<>();
    private final AtomicInteger denied = new AtomicInteger();

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    /** Kafka as its client shows it: one bad record fails its batch. */
    private CompletionStage<Done> write(List<ProducerRecord<String, byte[]>> rows) {
        if (denied.getAndDecrement() > 0) {
            return CompletableFuture.failedStage(new TopicAuthorizationException("not yet"));
        }
        for (ProducerRecord<String, byte[]> row : rows) {
            if (row.key().equals("n2")) {
                return CompletableFuture.failedStage(new RecordTooLargeException("too large"));
            }
            written.add(row.key());
        }
        return CompletableFuture.completedStage(Done.getInstance());
    }

    private void run(Source<NewsItem, ?> items) {
        new NewsWriter(KIT.system(), this::write, "news", MarketSource.SIMULATED, meters, Duration.ofMillis(10))
                .graph(items)
                .run(KIT.system());
    }

    private static List<NewsItem> items(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new NewsItem("n" + i, "feed", "title " + i, "", "", Instant.EPOCH, Instant.EPOCH))
                .toList();
    }

    private void assertWritten(String... ids) throws InterruptedException {
        for (String id : ids) {
            assertEquals(id, written.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void shouldLoseOnlyTheHeadlineThatKafkaCannotTake() throws Exception {
        run(Source.from(items(0, 30)));

        assertWritten("n0", "n1", "n0", "n1", "n3");
        for (int i = 4; i < 30; i++) {
            assertWritten("n" + i);
        }
        assertEquals(1, meters.counter("tickcast.kafka.refused.headlines").count());
    }

    @Test
    void shouldWaitUntilKafkaTakesThem() throws Exception {
        denied.set(4);
        run(Source.from(items(0, 2)));

        assertWritten("n0", "n1");
        assertTrue(denied.get() < 0);
    }

    @Test
    void shouldBeginAgainWhenTheReaderFails() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Source<NewsItem, ?> items = Source.lazySource(() -> runs.incrementAndGet() == 1
                ? Source.<NewsItem>failed(new IllegalStateException("bug"))
                : Source.from(items(0, 1)));
        run(items);

        assertWritten("n0");
    }
}
