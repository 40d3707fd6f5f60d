package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tickcast.model.archive.Archive.ArchiveUnavailable;

class RestTest {

    private static final String CANDLES = "/api/v1/symbols/BTC-USD/candles";
    private static TestServer server;

    @BeforeAll
    static void start() {
        MemoryArchive archive = new MemoryArchive();
        archive.writeCandles(List.of(Sample.candle(Sample.BTC, -1), Sample.candle(Sample.BTC, 0)));
        archive.writePredictions(List.of(
                Sample.prediction(Sample.BTC, 0), Sample.abstained(Sample.BTC, -1), Sample.prediction(Sample.BTC, -6)));
        archive.writeErrors(List.of(Sample.error(Sample.prediction(Sample.BTC, -6), 64002.5)));
        archive.writeFeatures(List.of(Sample.features(Sample.BTC, 0)));
        archive.writeSentiment(List.of(Sample.sentiment("BTC/USD", "a", Sample.NOON)));
        server = new TestServer(TestServer.settings(), archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void heal() {
        server.archive.heal();
        server.models.setAway(false);
    }

    private static JsonNode problem(HttpResponse<String> response, int status) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""));
        JsonNode problem = TestServer.parse(response.body());
        assertEquals(status, problem.path("status").asInt());
        assertTrue(problem.hasNonNull("type") && problem.hasNonNull("title") && problem.hasNonNull("detail"));
        return problem;
    }

    @Test
    void shouldWriteACandleAsTheContractDoes() {
        assertEquals(
                "{\"symbol\":\"BTC/USD\",\"source\":\"kraken\",\"openTime\":\"2026-01-05T11:59:00.000Z\","
                        + "\"closeTime\":\"2026-01-05T12:00:00.000Z\",\"open\":63990.2,\"high\":64010.0,\"low\":63988.1,"
                        + "\"close\":64000.1,\"volume\":1.2345,\"trades\":37,\"quality\":\"COMPLETE\",\"revision\":0}",
                server.json(CANDLES + "?limit=1").path("data").get(0).toString());
    }

    @Test
    void shouldWriteAPredictionAsTheContractDoes() {
        assertEquals(
                "{\"id\":\"BTC/USD|2026-01-05T12:05:00.000Z|17\",\"symbol\":\"BTC/USD\",\"source\":\"kraken\","
                        + "\"asOf\":\"2026-01-05T12:00:00.000Z\",\"madeAt\":\"2026-01-05T12:00:00.041Z\","
                        + "\"targetTime\":\"2026-01-05T12:05:00.000Z\",\"lastPrice\":64000.1,\"predictedPrice\":64004.7,"
                        + "\"expectedReturn\":0.0000719,\"intervals\":[{\"coverage\":0.8,\"low\":63941.0,\"high\":64066.2},"
                        + "{\"coverage\":0.95,\"low\":63890.4,\"high\":64117.9}],\"probabilityUp\":0.524,"
                        + "\"modelVersion\":\"17\",\"schemaHash\":\"abcd\",\"status\":\"LIVE\",\"reason\":null}",
                server.get("/api/v1/symbols/BTC-USD/predictions/latest").body());
    }

    @Test
    void shouldWriteUnknownFiguresAsNull() {
        JsonNode abstained = server.json("/api/v1/symbols/BTC-USD/predictions?limit=2")
                .path("data")
                .get(0);
        assertEquals("ABSTAINED", abstained.path("status").asText());
        assertTrue(abstained.path("predictedPrice").isNull());
        assertEquals("GAP", abstained.path("reason").asText());
        JsonNode features =
                server.json("/api/v1/symbols/BTC-USD/features").path("data").get(0);
        assertEquals("{\"rsi\":0.5,\"flow\":null}", features.path("values").toString());
    }

    @Test
    void shouldTellWhatAnErrorIsMadeOf() {
        JsonNode error =
                server.json("/api/v1/symbols/BTC-USD/errors").path("data").get(0);
        assertTrue(error.path("scored").asBoolean());
        assertEquals(64002.5, error.path("actualPrice").asDouble());
        assertTrue(error.path("intervals").get(0).path("inside").asBoolean());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BTC-USD", "XBT-USD", "XBTUSD", "XXBTZUSD", "btc-usd", "BTC%2FUSD"})
    void shouldUnderstandEveryFormOfASymbol(String symbol) {
        JsonNode list = server.json("/api/v1/symbols/" + symbol + "/candles");
        assertEquals("BTC/USD", list.path("symbol").asText());
        assertEquals(2, list.path("data").size());
        assertTrue(list.has("next") && list.path("next").isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO-BAR", "SOL-USD", "x", "%00", "BTC-USD-EUR", "%F0%9F%98%80"})
    void shouldNotKnowOtherSymbols(String symbol) {
        for (String list : List.of(
                "candles", "features", "sentiment", "predictions", "predictions/latest", "errors", "performance")) {
            problem(server.get("/api/v1/symbols/" + symbol + "/" + list), 404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=ten",
                "limit=1e3",
                "limit=",
                "limit=1&limit=2",
                "limit=99999999999",
                "from=yesterday",
                "from=2026-01-05",
                "to=2026-01-05T12:00",
                "from=%2B999999999-12-31T23:59:59Z",
                "from=1969-12-31T23:59:59Z",
                "cursor=x",
                "cursor=Rg",
                "cursor=%FF",
                "cursor=RjA6OTk5OTk6MjUzNDAyMzAwODAwMDAw",
                "from=2026-01-05T12:00:00Z&to=2026-01-05T11:00:00Z"
            })
    void shouldNameTheParameterThatIsWrong(String query) {
        JsonNode problem = problem(server.get(CANDLES + "?" + query), 400);
        assertTrue(query.contains(problem.path("parameter").asText() + "="), problem.toString());
        assertTrue(
                problem.path("detail").asText().contains(problem.path("allowed").asText()));
    }

    @Test
    void shouldTakeFromInclusiveAndToExclusive() {
        assertEquals(
                1,
                server.json(CANDLES + "?from=2026-01-05T11:59:00Z").path("data").size());
        assertEquals(
                1,
                server.json(CANDLES + "?to=2026-01-05T12:59:00+01:00")
                        .path("data")
                        .size());
        assertEquals(
                0,
                server.json(CANDLES + "?from=2026-01-05T11:59:00.001Z")
                        .path("data")
                        .size());
    }

    @Test
    void shouldListSymbolsModelsAndScores() {
        JsonNode symbols = server.json("/api/v1/symbols");
        assertEquals("BTC/USD", symbols.path("data").get(0).path("symbol").asText());
        assertEquals(64000.1, symbols.path("data").get(0).path("lastPrice").asDouble());
        assertEquals("LIVE", symbols.path("data").get(0).path("predictionState").asText());
        assertTrue(symbols.path("data").get(1).path("lastPrice").isNull());
        assertEquals(
                "2",
                server.json("/api/v1/models")
                        .path("data")
                        .get(0)
                        .path("version")
                        .asText());
        assertEquals("1", server.json("/api/v1/models/1").path("version").asText());
        problem(server.get("/api/v1/models/99"), 404);
        JsonNode scores = server.json("/api/v1/symbols/BTC-USD/performance?window=1h,7d");
        assertEquals(1, scores.path("data").get(0).path("overall").path("count").asInt());
        assertEquals(
                "17",
                scores.path("data")
                        .get(1)
                        .path("models")
                        .get(0)
                        .path("modelVersion")
                        .asText());
        assertEquals(
                "USD", scores.path("data").get(0).path("overall").path("unit").asText());
        assertEquals("*", server.json("/api/v1/performance").path("symbol").asText());
        for (String query : List.of("by=day", "by=symbol,", "by=hour&by=symbol", "against=x", "against=")) {
            problem(server.get("/api/v1/performance?" + query), 400);
        }
        for (String window : List.of("", "1", "h", "0h", "31d", "1h,,2h", "1m,2m,3m,4m,5m,6m,7m", "1y")) {
            problem(server.get("/api/v1/performance?window=" + window), 400);
        }
    }

    @Test
    void shouldLetOnlyTheOperatorSwitchModels() {
        String promote = "/api/v1/models/1/promote";
        HttpResponse<String> refused = server.send("POST", promote);
        problem(refused, 401);
        assertTrue(refused.headers().firstValue("WWW-Authenticate").orElse("").startsWith("Bearer"));
        problem(server.send("POST", promote, "Authorization", "Bearer wrong"), 401);
        problem(server.send("POST", promote, "Authorization", "Basic b3BlcmF0ZS1tZQ=="), 401);
        String token = "Bearer " + TestServer.OPERATOR;
        problem(server.send("POST", "/api/v1/models/99/promote", "Authorization", token), 404);
        HttpResponse<String> done = server.send("POST", promote, "Authorization", token);
        assertEquals(200, done.statusCode(), done.body());
        assertEquals("CHAMPION", TestServer.parse(done.body()).path("state").asText());
        problem(server.send("POST", "/api/v1/models/2/rollback", "Authorization", token), 409);
        problem(server.send("POST", "/api/v1/models/1/rollback", "Authorization", token), 409);
        problem(server.send("POST", "/api/v1/models/rollback", "Authorization", token), 409);
        server.send("POST", "/api/v1/models/2/promote", "Authorization", token);
    }

    @Test
    void shouldSayWhichMethodsAPathHas() {
        HttpResponse<String> response = server.send("POST", CANDLES);
        problem(response, 405);
        assertEquals(
                "GET, HEAD, OPTIONS", response.headers().firstValue("Allow").orElse(""));
        HttpResponse<String> get = server.get("/api/v1/models/1/promote");
        problem(get, 405);
        assertEquals("POST, OPTIONS", get.headers().firstValue("Allow").orElse(""));
        problem(server.send("BREW", CANDLES), 501);
        problem(server.send("DELETE", CANDLES), 405);
    }

    @Test
    void shouldAnswerHeadAndOptions() {
        HttpResponse<String> head = server.send("HEAD", CANDLES);
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        HttpResponse<String> options = server.send(
                "OPTIONS", CANDLES, "Origin", "https://desk.example", "Access-Control-Request-Method", "GET");
        assertEquals(204, options.statusCode());
        assertEquals(
                "https://desk.example",
                options.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        assertTrue(server.get(CANDLES, "Origin", "https://evil.example")
                .headers()
                .firstValue("Access-Control-Allow-Origin")
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/api",
                "/api/v1",
                "/api/v1/symbols/",
                "/api/v2/symbols",
                "/../pom.xml",
                "/web/..%2f..%2fx",
                "/META-INF/MANIFEST.MF"
            })
    void shouldNotFindOtherPaths(String path) {
        problem(server.get(path), 404);
    }

    @Test
    void shouldRefuseLargeBodies() {
        byte[] body = new byte[100_000];
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port + "/api/v1/models/1/promote"))
                .header("Authorization", "Bearer " + TestServer.OPERATOR);
        problem(
                server.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build()),
                413);
        problem(
                server.send(request.POST(
                                HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                        .build()),
                413);
    }

    @Test
    void shouldSayThatTheArchiveIsAway() {
        server.archive.failWith(new ArchiveUnavailable("disk /secret is full", null));
        HttpResponse<String> response = server.get(CANDLES);
        JsonNode problem = problem(response, 503);
        assertTrue(response.headers().firstValue("Retry-After").isPresent());
        assertFalse(problem.toString().contains("secret"));
    }

    @Test
    void shouldSayThatAnOrderCanBeGivenAgain() {
        server.models.setAway(true);
        HttpResponse<String> response =
                server.send("POST", "/api/v1/models/rollback", "Authorization", "Bearer " + TestServer.OPERATOR);
        assertEquals("Not now.", problem(response, 503).path("detail").asText());
        assertTrue(response.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void shouldTellNothingOfItsInside() {
        server.archive.failWith(new IllegalStateException("secret"));
        assertFalse(problem(server.get(CANDLES), 500).toString().contains("secret"));
    }

    @Test
    void shouldServeDocumentsWithETagAndCompression() {
        for (String path :
                List.of("/api/v1/openapi.json", "/api/docs", "/api/docs/swagger-ui.css", "/assets/echarts.min.js")) {
            HttpResponse<String> response = server.get(path);
            assertEquals(200, response.statusCode(), path);
            String etag = response.headers().firstValue("ETag").orElseThrow();
            assertEquals(304, server.get(path, "If-None-Match", etag).statusCode());
            assertEquals(
                    "nosniff",
                    response.headers().firstValue("X-Content-Type-Options").orElse(""));
            assertTrue(response.headers()
                    .firstValue("Content-Security-Policy")
                    .orElse("")
                    .startsWith("default-src 'self'"));
        }
        assertEquals(
                "gzip",
                server.get("/assets/echarts.min.js", "Accept-Encoding", "gzip")
                        .headers()
                        .firstValue("Content-Encoding")
                        .orElse(""));
        problem(server.get("/api/docs/..%2f..%2fx.js"), 404);
    }

    @Test
    void shouldCountRequestsByTemplate() {
        server.get(CANDLES);
        String metrics = server.get("/metrics").body();
        assertTrue(metrics.contains("route=\"/api/v1/symbols/{symbol}/candles\""), metrics);
        assertTrue(metrics.contains("tickcast_http_stream_clients"), metrics);
        assertTrue(metrics.contains("tickcast_http_pushed_messages_total"), metrics);
        List<String> names = new ArrayList<>(
                metrics.lines().filter(line -> line.contains("_total_total")).toList());
        assertTrue(names.isEmpty(), names.toString());
    }
}
