package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.elasticsearch.ElasticsearchServer;
import tickcast.streams.exchange.replay.HistoryFiles;

/** A node's scores are the same whether Elasticsearch adds the errors up or every error is read. */
class PerformanceOverElasticsearchTest {

    private static final Instant START = Instant.parse("2025-11-30T18:00:00Z");
    /** Into the next month's index. */
    private static final Duration LENGTH = Duration.ofHours(8);

    private static final String PREFIX = "performance";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldTellTheSameScoresEitherWay() throws Exception {
        Path history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, START.plus(LENGTH));
        MarketSource source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
        Map<String, Object> settings = new HashMap<>(new KafkaRun(history, source).direct(folder.resolve("data")));
        String server = ElasticsearchServer.shared().url();
        settings.putAll(Map.of(
                "tickcast.store",
                "elasticsearch",
                "tickcast.elasticsearch.url",
                server,
                "tickcast.elasticsearch.index-prefix",
                PREFIX));
        CompletableFuture<String> ended = new CompletableFuture<>();
        Consumer<Published> listener = event -> {
            if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.ENDED) {
                ended.complete(feed.detail());
            }
        };
        try (TestNode node = TestNode.start(settings, InstantSource.system(), listener)) {
            String api = "http://127.0.0.1:" + node.port() + "/api/v1/";
            ended.get(120, TimeUnit.SECONDS);
            for (Symbol symbol : Recording.SYMBOLS) {
                awaitLastError(api + "symbols/" + symbol.name().replace('/', '-') + "/errors?limit=1");
            }
            JsonNode added = ask(api + "performance?window=1h,401m,1d&by=hour").path("data");
            JsonNode read = ask(api + "performance?window=1h,401m,1d&by=hour&against=naive")
                    .path("data");
            assertTrue(added.get(1).path("overall").path("count").asInt() > 3 * 300, added.toString());
            assertEquals(3, added.size());
            for (int window = 0; window < 3; window++) {
                for (String part : List.of("from", "to", "overall", "models", "byHour")) {
                    assertSame(read.get(window).path(part), added.get(window).path(part));
                }
            }
        } finally {
            send("DELETE", server + "/" + PREFIX + "-*");
        }
    }

    private void awaitLastError(String url) throws Exception {
        String last = Times.iso(START.plus(LENGTH));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!ask(url).path("data").path(0).path("targetTime").asText().equals(last)) {
            assertTrue(System.nanoTime() < end, "no error of " + last + " at " + url);
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private JsonNode ask(String url) throws Exception {
        HttpResponse<String> answer = send("GET", url);
        assertEquals(200, answer.statusCode(), answer::body);
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void assertSame(JsonNode expected, JsonNode actual) {
        assertEquals(expected.getNodeType(), actual.getNodeType());
        assertEquals(expected.size(), actual.size());
        if (expected.isNumber()) {
            assertEquals(expected.asDouble(), actual.asDouble(), 1e-9);
        } else if (!expected.isContainerNode()) {
            assertEquals(expected, actual);
        }
        Iterator<JsonNode> theirs = actual.iterator();
        expected.forEach(value -> assertSame(value, theirs.next()));
    }
}
