package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.MarketSource;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.kafka.KafkaServer;

/** Kafka is away for a while: it is said why, and afterwards nothing is missing. */
class KafkaAwayTest {

    private static final Instant START = Instant.parse("2025-11-19T23:30:00Z");
    private static final Duration LENGTH = Duration.ofHours(3);
    private static final KafkaServer SERVER = KafkaServer.fresh();
    private static final long TOLD_WITHIN_SECONDS = 10;

    @TempDir
    Path folder;

    private final BlockingQueue<Published.FeedChanged> feed = new LinkedBlockingQueue<>();
    private final CountDownLatch candles = new CountDownLatch(10);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterAll
    static void removeServer() {
        SERVER.remove();
    }

    @Test
    void shouldSayThatKafkaIsAwayAndLoseNothing() throws Exception {
        Instant end = START.plus(LENGTH);
        Path history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, end);
        KafkaRun run = new KafkaRun(
                history, MarketSource.replay(HistoryFiles.discover(history).fingerprint()));
        Path data = folder.resolve("kafka");
        Map<String, Object> settings = run.throughKafka(SERVER, data, "away");
        settings.put("tickcast.market.replay.speed", 300);
        try (TestNode node = TestNode.start(settings, InstantSource.system(), this::hear)) {
            node.port();
            assertTrue(candles.await(60, TimeUnit.SECONDS));
            awaitReady(node, 200, "");
            SERVER.suspend();
            Published.FeedChanged told = await(FeedState.SILENT, TOLD_WITHIN_SECONDS);
            assertTrue(told.detail().startsWith("Kafka at " + SERVER.bootstrapServers() + " has been away since"));
            awaitReady(node, 503, "kafka (Kafka at");
            SERVER.resume();
            await(FeedState.CATCHING_UP, 30);
            awaitReady(node, 200, "");
            SERVER.stop();
            await(FeedState.SILENT, TOLD_WITHIN_SECONDS);
            SERVER.start();
            await(FeedState.ENDED, 120);
        }
        Path direct = folder.resolve("direct");
        TestNode.playToTheEnd(run.direct(direct), 120);
        run.assertSame(direct, data);
    }

    @Test
    void shouldStopAtOnceWhileKafkaIsAway() throws Exception {
        Map<String, Object> settings = KafkaRun.bus(SERVER, "stopping");
        settings.putAll(Map.of(
                "tickcast.market.source",
                "topic",
                "tickcast.data-directory",
                folder.resolve("stopping").toString()));
        TestNode node = TestNode.start(settings);
        node.port();
        awaitReady(node, 200, "");
        SERVER.suspend();
        try {
            awaitReady(node, 503, "kafka (Kafka at");
            long before = System.nanoTime();
            node.close();
            double seconds = (System.nanoTime() - before) / 1e9;
            assertTrue(seconds < 15, "stopping took " + seconds + " s");
        } finally {
            SERVER.resume();
        }
    }

    private void hear(Published event) {
        if (event instanceof Published.CandleClosed) {
            candles.countDown();
        }
        if (event instanceof Published.FeedChanged changed) {
            feed.add(changed);
        }
    }

    private Published.FeedChanged await(FeedState state, long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            Published.FeedChanged next = feed.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            assertTrue(next != null, "the feed did not become " + state + " within " + seconds + " s");
            if (next.state() == state) {
                return next;
            }
        }
    }

    private void awaitReady(TestNode node, int status, String part) throws Exception {
        URI ready = URI.create("http://127.0.0.1:" + node.managementPort() + "/ready");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        HttpResponse<String> answer;
        do {
            answer = client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString());
            assertTrue(System.nanoTime() < end, "instead of " + status + ": " + answer.body());
        } while (answer.statusCode() != status || !answer.body().contains(part));
    }
}
