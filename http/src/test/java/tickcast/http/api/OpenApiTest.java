package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.HistoryProgress;
import tickcast.actors.topic.Published;
import tickcast.model.registry.ModelSwitch;

/** The document that the server serves agrees with what it does. */
class OpenApiTest {

    private static final String TOKEN = "Bearer " + TestServer.OPERATOR;
    private static TestServer server;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        MemoryArchive archive = new MemoryArchive();
        for (int i = 0; i < 40; i++) {
            archive.writeCandles(List.of(Sample.candle(Sample.BTC, -i)));
            archive.writePredictions(List.of(Sample.prediction(Sample.BTC, -i - 1)));
            archive.writeErrors(List.of(Sample.error(Sample.prediction(Sample.BTC, -i - 6), 64000 + i % 7)));
        }
        archive.writeErrors(List.of(Sample.error(Sample.prediction(Sample.BTC, -9, "16", false), 64001)));
        archive.writePredictions(List.of(Sample.abstained(Sample.BTC, 0)));
        archive.writeErrors(List.of(tickcast.model.evaluation.PredictionError.unscored(
                Sample.prediction(Sample.BTC, -5), "NO_TARGET", Sample.NOON)));
        archive.writeFeatures(List.of(Sample.features(Sample.BTC, 0)));
        archive.writeSentiment(List.of(Sample.sentiment("BTC/USD", "a", Sample.NOON)));
        server = new TestServer(TestServer.settings(), archive);
        server.models.remember(new ModelSwitch(Sample.NOON, ModelSwitch.Action.PROMOTE, "2", "beat naive"));
        document = server.json("/api/v1/openapi.json");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertValid(JsonNode schema, String body, String where) {
        ObjectNode whole = schema.deepCopy();
        whole.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        whole.set("components", document.path("components"));
        SchemaValidatorsConfig settings =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        JsonSchema compiled =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole, settings);
        assertEquals(Set.of(), compiled.validate(TestServer.parse(body)), where + " answered " + body);
    }

    private static void assertDocumented(String method, String template, HttpResponse<String> response) {
        JsonNode answers = document.path("paths")
                .path(template)
                .path(method.toLowerCase(java.util.Locale.ROOT))
                .path("responses");
        String status = Integer.toString(response.statusCode());
        JsonNode answer = resolved(answers.path(status));
        String where = method + " " + template + " " + status;
        assertTrue(answer.isObject(), where + " is not documented");
        String type = response.headers().firstValue("Content-Type").orElse("").split(";")[0];
        JsonNode content = answer.path("content").path(type);
        assertTrue(content.isObject(), where + " is not documented as " + type);
        if (type.endsWith("json")) {
            assertValid(content.path("schema"), response.body(), where);
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String filled(String template) {
        return template.replace("{symbol}", "BTC-USD").replace("{version}", "2").replace("{asOf}", "latest");
    }

    @Test
    void shouldAnswerEveryDocumentedCallAsDocumented() {
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    String name = method.toUpperCase(java.util.Locale.ROOT);
                    boolean absentPage =
                            path.getKey().equals("/") && StreamTest.class.getResource("/web/index.html") == null;
                    if (!absentPage) {
                        assertDocumented(
                                name, path.getKey(), server.send(name, filled(path.getKey()), "Authorization", TOKEN));
                    }
                }));
    }

    @Test
    void shouldAnswerWrongCallsAsDocumented() {
        for (String list : List.of("candles", "features", "sentiment", "predictions", "errors")) {
            String template = "/api/v1/symbols/{symbol}/" + list;
            assertDocumented("GET", template, server.get("/api/v1/symbols/FOO-BAR/" + list));
            assertDocumented("GET", template, server.get(filled(template) + "?limit=0"));
        }
        assertDocumented(
                "GET",
                "/api/v1/symbols/{symbol}/predictions/latest",
                server.get("/api/v1/symbols/ETH-USD/predictions/latest"));
        String why = "/api/v1/symbols/{symbol}/predictions/{asOf}/why";
        assertDocumented("GET", why, server.get("/api/v1/symbols/ETH-USD/predictions/latest/why"));
        assertDocumented("GET", why, server.get("/api/v1/symbols/BTC-USD/predictions/noon/why"));
        assertDocumented("GET", "/api/v1/models/history", server.get("/api/v1/models/history?limit=0"));
        assertDocumented("GET", "/api/v1/performance", server.get("/api/v1/performance?by=day"));
        assertDocumented("GET", "/api/v1/models/{version}", server.get("/api/v1/models/77"));
        assertDocumented("POST", "/api/v1/models/{version}/promote", server.send("POST", "/api/v1/models/1/promote"));
        assertDocumented(
                "POST",
                "/api/v1/models/rollback",
                server.send("POST", "/api/v1/models/rollback", "Authorization", TOKEN));
        assertDocumented("GET", "/api/v1/performance", server.get("/api/v1/performance?window=x"));
    }

    @Test
    void shouldAnswerWhatIsAskedForInPartsAsDocumented() {
        String parts = "?window=1h,7d&by=symbol,hour&against=17";
        for (String template : List.of("/api/v1/performance", "/api/v1/symbols/{symbol}/performance")) {
            HttpResponse<String> response = server.get(filled(template) + parts);
            assertEquals(200, response.statusCode(), response.body());
            assertDocumented("GET", template, response);
            JsonNode week = TestServer.parse(response.body()).path("data").get(1);
            assertEquals("BTC/USD", week.path("bySymbol").get(0).path("symbol").asText());
            assertEquals(
                    40, week.path("bySymbol").get(0).path("score").path("count").asInt());
            assertEquals(List.of(11), hours(week), "of the as-of");
            assertEquals("16", week.path("duels").get(0).path("modelVersion").asText());
            assertEquals(1, week.path("duels").get(0).path("count").asInt());
        }
    }

    private static List<Integer> hours(JsonNode window) {
        List<Integer> hours = new ArrayList<>();
        window.path("byHour").forEach(each -> hours.add(0, each.path("hour").asInt()));
        return hours;
    }

    @Test
    void shouldDocumentEveryEndpoint() {
        Set<String> documented = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method ->
                                documented.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        documented.removeAll(Set.of("GET /", "GET /skill"));
        Set<String> served = new TreeSet<>();
        for (Endpoint endpoint : server.endpoints()) {
            boolean partOfAPage = endpoint.template().startsWith("/assets/")
                    || endpoint.template().startsWith("/api/docs/");
            if (!partOfAPage) {
                served.add(endpoint.method() + " " + endpoint.template());
            }
        }
        assertEquals(served, documented);
    }

    @Test
    void shouldPushWhatIsDocumented() {
        try (StreamClient client = server.connect()) {
            List<String> schemas = List.of("Prediction", "Candle", "Error", "Sentiment", "Status");
            List<String> channels = List.of("predictions", "candles", "errors", "sentiment", "status");
            server.publish(new Published.FeedChanged(FeedState.PAUSED, "The exchange is in maintenance.", Sample.NOON));
            server.publish(new Published.HistoryAdvanced(
                    new HistoryProgress(
                            List.of(new HistoryProgress.OfSymbol(Sample.BTC, 7.55, 21)), -1, "7 of 21 days"),
                    Sample.NOON));
            for (int i = 0; i < channels.size(); i++) {
                client.subscribe(channels.get(i), ",\"symbols\":[\"BTC/USD\"]");
                assertTrue(client.next().path("success").asBoolean());
                JsonNode data = client.next().path("data");
                assertEquals(1, data.size(), channels.get(i));
                ObjectNode schema =
                        TestServer.JSON.createObjectNode().put("$ref", "#/components/schemas/" + schemas.get(i));
                assertValid(schema, data.get(0).toString(), channels.get(i));
            }
        }
    }

    @Test
    void shouldGiveExamplesThatAreValid() {
        List<String> checked = new ArrayList<>();
        document.path("components")
                .path("schemas")
                .properties()
                .forEach(schema -> schema.getValue().path("examples").forEach(example -> {
                    assertValid(schema.getValue(), example.toString(), schema.getKey());
                    checked.add(schema.getKey());
                }));
        assertTrue(checked.containsAll(List.of("Candle", "Prediction", "Problem")), checked.toString());
    }
}
