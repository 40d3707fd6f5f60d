package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.MarketSource;

/** A whole node on real ports: what the contract promises is there, and it comes and goes as it should. */
class NodeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String OPERATOR = "operate-me";
    private static final Instant RECORDED = Instant.parse("2025-11-19T12:00:00Z");

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        CompletableFuture<Void> live = new CompletableFuture<>();
        PinnedModel.pin(PinnedModel.train(RECORDED.plus(Duration.ofDays(2))), data, MarketSource.SIMULATED);
        node = TestNode.start(
                Map.of(
                        "tickcast.market.source", "simulated",
                        "tickcast.market.simulated.history", "2d",
                        "tickcast.market.simulated.catch-up", "30m",
                        "tickcast.http.operator-token", OPERATOR,
                        "tickcast.data-directory", data.toString()),
                InstantSource.system(),
                event -> {
                    if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.LIVE) {
                        live.complete(null);
                    }
                });
        node.port();
        live.get(60, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String page(String path) throws Exception {
        HttpResponse<String> answer = get(node.port(), path);
        assertEquals(200, answer.statusCode(), () -> path + ": " + answer.body());
        return answer.body();
    }

    private static JsonNode json(String path) throws Exception {
        return JSON.readTree(page(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"candles", "features", "predictions", "errors"})
    void shouldServeWhatIsKeptOfASymbol(String kind) throws Exception {
        JsonNode answer = json("/api/v1/symbols/BTC-USD/" + kind + "?limit=20");

        assertEquals("BTC/USD", answer.path("symbol").asText());
        assertEquals(20, answer.path("data").size());
        assertEquals("simulated", answer.path("data").path(0).path("source").asText());
    }

    @Test
    void shouldServeEverythingElseOfTheContract() throws Exception {
        assertEquals(4, json("/api/v1/symbols").path("data").size());
        assertTrue(json("/api/v1/symbols/ETH-USD/sentiment").path("data").isArray());
        assertEquals(
                "ETH/USD",
                json("/api/v1/symbols/ETH-USD/predictions/latest")
                        .path("symbol")
                        .asText());
        assertFalse(json("/api/v1/symbols/ETH-USD/performance?window=1h").isEmpty());
        assertEquals(1, json("/api/v1/models").path("data").size());
        assertEquals("CHAMPION", json("/api/v1/models/1").path("state").asText());
        assertEquals(
                "3.1", json("/api/v1/openapi.json").path("openapi").asText().substring(0, 3));
        assertTrue(page("/api/docs").contains("<html"));
        assertTrue(page("/metrics").contains("\ntickcast_"));
    }

    @Test
    void shouldLetOnlyTheOperatorPromote() throws Exception {
        HttpRequest.Builder promote = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + node.port() + "/api/v1/models/1/promote"))
                .POST(HttpRequest.BodyPublishers.noBody());

        assertEquals(
                401,
                CLIENT.send(promote.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        promote.header("Authorization", "Bearer " + OPERATOR);
        assertEquals(
                200,
                CLIENT.send(promote.build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
    }

    @Test
    void shouldServeThePageWithAllItsParts() throws Exception {
        Matcher parts = Pattern.compile("(?:src|href)=\"(/?[^\":#]+)\"").matcher(page("/"));
        Set<String> seen = new HashSet<>();
        while (parts.find()) {
            String path = parts.group(1);
            page(path.startsWith("/") ? path : "/" + path);
            seen.add(path);
        }
        assertTrue(seen.size() >= 3, () -> "parts of the page: " + seen);
    }

    @Test
    void shouldBeReadyAliveAndAMember() throws Exception {
        HttpResponse<String> ready = get(node.managementPort(), "/ready");
        assertEquals(200, ready.statusCode());
        assertTrue(ready.body().contains("\"ready\":true") && ready.body().contains("\"feed\":\""), ready.body());
        assertEquals(200, get(node.managementPort(), "/alive").statusCode());
        HttpResponse<String> members = get(node.managementPort(), "/cluster/members");
        assertEquals(
                "Up",
                JSON.readTree(members.body())
                        .path("members")
                        .path(0)
                        .path("status")
                        .asText());
    }

    @Test
    void shouldRefuseASecondStartOnItsDataDirectoryInOneLine() throws Exception {
        try (ChildNode second = ChildNode.serve(data, Map.of("MARKET_SOURCE", "simulated"))) {
            assertEquals(1, second.exitCode());
            List<String> words = second.words();
            assertEquals(2, words.size(), () -> "it said " + words);
            assertTrue(
                    words.get(1).contains(data.toString()) && words.get(1).contains("DATA_DIRECTORY"), words::toString);
        }
    }

    /** Two minutes a second: fast enough for a test, slow enough for nothing to be left out. */
    private TestNode replaying() throws Exception {
        Duration length = Duration.ofMinutes(40);
        Path history = Recording.of(RECORDED, length).write(folder, RECORDED, RECORDED.plus(length));
        return TestNode.start(Map.of(
                "tickcast.market.source",
                "replay",
                "tickcast.market.replay.directory",
                history.toString(),
                "tickcast.market.replay.speed",
                120,
                "tickcast.data-directory",
                folder.resolve("data").toString()));
    }

    @Test
    void shouldPushEveryMinuteOnceToWhoeverSubscribes() throws Exception {
        try (TestNode replay = replaying();
                Stream stream = Stream.open(replay.port())) {
            stream.subscribe("candles");
            Map<String, Long> seqs = new HashMap<>();
            int acknowledged = 0;
            int snapshots = 0;
            int updates = 0;
            while (updates < 15) {
                JsonNode message = stream.next(Duration.ofSeconds(30));
                String type = message.path("type").asText();
                if (message.path("method").asText().equals("subscribe")) {
                    assertTrue(message.path("success").asBoolean(), message::toString);
                    acknowledged++;
                    continue;
                }
                String symbol = message.path("symbol").asText();
                long seq = message.path("seq").asLong();
                if (type.equals("snapshot")) {
                    snapshots++;
                } else {
                    assertEquals("update", type);
                    assertTrue(
                            !seqs.containsKey(symbol) || seqs.get(symbol) + 1 == seq, () -> message + " after " + seqs);
                    updates++;
                }
                if (!message.path("data").isEmpty()) {
                    seqs.put(symbol, seq);
                }
            }
            assertEquals(Recording.SYMBOLS.size(), acknowledged);
            assertEquals(Recording.SYMBOLS.size(), snapshots);
        }
    }

    @Test
    void shouldStopWithinTenSecondsAndLeaveItsPortFree() throws Exception {
        TestNode replay = replaying();
        int port = replay.port();
        long before = System.nanoTime();
        replay.close();

        double seconds = (System.nanoTime() - before) / 1e9;
        assertTrue(seconds <= 10, () -> "it took " + seconds + " s to stop");
        assertDoesNotThrow(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close());
    }
}
