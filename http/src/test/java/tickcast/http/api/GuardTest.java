package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.model.market.MarketSource;

class GuardTest {

    private static final String READ = "read-me";
    private final HttpClient client = HttpClient.newHttpClient();
    private TestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private int refusal(String... headers) {
        CompletionException refused =
                assertThrows(CompletionException.class, () -> StreamClient.connect(client, server.port, headers));
        return ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode();
    }

    @Test
    void shouldAskForTheReadTokenEverywhere() {
        server = new TestServer(TestServer.settings(READ, ApiSettings.Push.standard(), 1000, 256));
        for (String path :
                List.of("/api/v1/symbols", "/metrics", "/api/v1/openapi.json", "/api/v1/symbols/BTC-USD/errors")) {
            HttpResponse<String> refused = server.get(path);
            assertEquals(401, refused.statusCode(), path);
            assertTrue(refused.headers().firstValue("WWW-Authenticate").isPresent());
            assertEquals(401, server.get(path, "Authorization", "Bearer other").statusCode());
            assertEquals(401, server.get(path + "?access_token=other").statusCode());
            assertEquals(
                    401, server.get(path, "Cookie", "tickcast_token=" + READ).statusCode());
            assertEquals(
                    200, server.get(path, "Authorization", "Bearer " + READ).statusCode());
            assertEquals(200, server.get(path + "?access_token=" + READ).statusCode());
            assertEquals(
                    200,
                    server.get(path, "Authorization", "Bearer " + TestServer.OPERATOR)
                            .statusCode());
        }
        assertEquals(
                401,
                server.send("POST", "/api/v1/models/1/promote", "Authorization", "Bearer " + READ)
                        .statusCode());
        assertEquals(401, refusal());
        StreamClient.connect(client, server.port, "Authorization", "Bearer " + READ)
                .close();
    }

    @Test
    void shouldMoveABrowsersTokenIntoACookie() {
        server = new TestServer(TestServer.settings(READ, ApiSettings.Push.standard(), 1000, 256));
        if (GuardTest.class.getResource("/web/index.html") != null) {
            HttpResponse<String> signedIn = server.get("/?access_token=" + READ);
            assertEquals(200, server.get("/").statusCode());
            assertEquals(303, signedIn.statusCode());
            HttpResponse<String> onAnotherPage = server.get("/skill?access_token=" + READ);
            assertEquals(
                    "/skill", onAnotherPage.headers().firstValue("Location").orElse(""));
            assertEquals(200, server.get("/skill").statusCode());
            String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(READ));
            assertEquals(
                    200,
                    server.get("/api/v1/symbols", "Cookie", cookie.split(";")[0])
                            .statusCode());
        }
        assertEquals(404, server.get("/nothing").statusCode());
    }

    @Test
    void shouldOpenTheStreamToOwnAndAllowedOriginsOnly() {
        server = new TestServer();
        assertEquals(403, refusal("Origin", "https://evil.example"));
        assertEquals(403, refusal("Origin", "null"));
        StreamClient.connect(client, server.port, "Origin", "http://127.0.0.1:" + server.port)
                .close();
        StreamClient.connect(client, server.port, "Origin", "https://desk.example")
                .close();
        assertEquals(426, server.get("/api/v1/stream").statusCode());
    }

    @Test
    void shouldAnswerToItsOwnNamesOnly() throws Exception {
        server = new TestServer();
        for (String path :
                List.of("/", "/api/v1/symbols", "/api/v1/stream", "/metrics", "/api/docs", "/assets/app.js")) {
            for (String evil :
                    List.of("evil.example", "evil.example:" + server.port, "127.0.0.1.evil.example", "[::2]:80")) {
                String answer = RawStreamClient.exchange(server.port, path, evil);
                assertTrue(answer.startsWith("HTTP/1.1 421 "), path + " as " + evil + ": " + answer);
                assertTrue(answer.contains("application/problem+json"), answer);
            }
        }
        for (String own : List.of("localhost", "LOCALHOST:" + server.port, "127.0.0.1", "[::1]:" + server.port)) {
            String answer = RawStreamClient.exchange(server.port, "/api/v1/symbols", own);
            assertTrue(answer.startsWith("HTTP/1.1 200 "), own + ": " + answer);
        }
    }

    @Test
    void shouldDisableOperatorCallsWithoutAToken() {
        server = new TestServer(new ApiSettings(
                MarketSource.KRAKEN,
                List.of(Sample.BTC),
                new SchemaNames("x", "y", List.of()),
                "",
                "",
                Set.of(),
                Set.of(),
                10,
                10,
                ApiSettings.Push.standard()));
        HttpResponse<String> refused = server.send("POST", "/api/v1/models/1/promote", "Authorization", "Bearer ");
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("no operator token is configured"));
    }

    @Test
    void shouldRefuseWhatIsTooMuch() {
        server = new TestServer(TestServer.settings("", ApiSettings.Push.standard(), 1000, 5));
        List<StreamClient> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            StreamClient stream = StreamClient.connect(client, server.port);
            stream.send("{\"method\":\"ping\"}");
            stream.next();
            open.add(stream);
        }
        assertEquals(429, refusal());
        HttpResponse<String> refused = server.get("/api/v1/symbols");
        assertEquals(429, refused.statusCode());
        assertTrue(refused.headers().firstValue("Retry-After").isPresent());
        open.forEach(StreamClient::close);
        server.close();
        server = new TestServer(TestServer.settings("", ApiSettings.Push.standard(), 0, 5));
        assertEquals(503, server.get("/api/v1/symbols").statusCode());
    }
}
