package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.HistoryProgress;
import tickcast.actors.topic.Published;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;

class StreamTest {

    private static final String BTC_ONLY = ",\"symbols\":[\"BTC/USD\"]";
    private static final long NOON = Times.epochMinute(Sample.NOON);

    private TestServer server;
    private StreamClient client;

    @BeforeEach
    void start() {
        MemoryArchive archive = new MemoryArchive();
        archive.writeCandles(List.of(Sample.candle(Sample.BTC, 0)));
        archive.writePredictions(List.of(Sample.prediction(Sample.BTC, 0)));
        ApiSettings.Push push = new ApiSettings.Push(
                64 * 1024,
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                Duration.ofSeconds(20),
                256,
                Duration.ofHours(24));
        server = new TestServer(TestServer.settings("", push, 1000, 256), archive);
        client = server.connect();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private void publish(Candle candle) {
        server.archive.writeCandles(List.of(candle));
        server.publish(new Published.CandleClosed(candle));
    }

    private static void assertMessage(JsonNode message, String channel, String type, String symbol, long seq) {
        assertEquals(
                List.of(channel, type, symbol, seq),
                List.of(
                        message.path("channel").asText(),
                        message.path("type").asText(),
                        message.path("symbol").asText(),
                        message.path("seq").asLong()),
                message.toString());
    }

    @Test
    void shouldAcknowledgeThenShowThenFollow() {
        client.subscribe("candles", BTC_ONLY);
        assertEquals(
                "{\"method\":\"subscribe\",\"success\":true,\"result\":{\"channel\":\"candles\",\"symbol\":\"BTC/USD\"},\"reqId\":1}",
                client.next().toString());
        assertMessage(client.next(), "candles", "snapshot", "BTC/USD", NOON - 1);
        publish(Sample.candle(Sample.BTC, 1));
        publish(Sample.candle(Sample.ETH, 1));
        publish(Sample.candle(Sample.BTC, 1).withRevision(1, Sample.NOON));
        server.publish(new Published.CandleClosed(Sample.candle(Sample.BTC, 1)));
        publish(Sample.candle(Sample.BTC, 2));
        JsonNode update = client.next();
        assertMessage(update, "candles", "update", "BTC/USD", NOON);
        assertEquals("kraken", update.path("source").asText());
        assertEquals(64000.1, update.path("data").get(0).path("close").asDouble());
        JsonNode corrected = client.next();
        assertMessage(corrected, "candles", "update", "BTC/USD", NOON);
        assertEquals(1, corrected.path("data").get(0).path("revision").asInt());
        assertMessage(client.next(), "candles", "update", "BTC/USD", NOON + 1);
    }

    @Test
    void shouldSubscribeToAllSymbolsWhenNoneIsNamed() {
        client.subscribe("sentiment", ",\"snapshot\":false");
        assertEquals("BTC/USD", client.next().path("result").path("symbol").asText());
        assertEquals("ETH/USD", client.next().path("result").path("symbol").asText());
        assertEquals("*", client.next().path("result").path("symbol").asText());
        server.publish(new Published.SentimentScored(Sample.sentiment("*", "a", Sample.NOON)));
        server.publish(new Published.SentimentScored(Sample.sentiment("*", "b", Sample.NOON)));
        JsonNode news = client.next();
        assertMessage(news, "sentiment", "update", "*", Sample.NOON.toEpochMilli());
        assertEquals(2, news.path("data").size());
    }

    @Test
    void shouldPushPredictionsErrorsAndStatus() {
        client.subscribe("status", "");
        assertEquals("*", client.next().path("result").path("symbol").asText());
        JsonNode status = client.next();
        assertEquals(
                "2", status.path("data").get(0).path("model").path("version").asText());
        client.subscribe("errors", BTC_ONLY);
        client.next();
        assertMessage(client.next(), "errors", "snapshot", "BTC/USD", 0);
        client.subscribe("predictions", ",\"symbols\":[\"XBT/USD\"]");
        client.next();
        assertMessage(client.next(), "predictions", "snapshot", "BTC/USD", NOON);
        server.publish(new Published.PredictionMatured(Sample.error(Sample.prediction(Sample.BTC, 0), 64001)));
        assertMessage(client.next(), "errors", "update", "BTC/USD", NOON + 5);
        server.publish(new Published.PredictionMade(Sample.prediction(Sample.BTC, 1, "18", false)));
        server.publish(new Published.PredictionMade(Sample.prediction(Sample.BTC, 1)));
        JsonNode prediction = client.next();
        assertMessage(prediction, "predictions", "update", "BTC/USD", NOON + 1);
        assertEquals("17", prediction.path("data").get(0).path("modelVersion").asText());
        server.publish(new Published.FeedChanged(FeedState.LIVE, "Following Kraken.", Sample.NOON));
        JsonNode changed = client.next();
        assertEquals(
                "LIVE", changed.path("data").get(0).path("feed").path("state").asText());
        assertTrue(changed.path("seq").asLong() > status.path("seq").asLong());
        server.publish(new Published.ModelChanged("3", "Better in replay.", Sample.NOON));
        assertEquals(
                "3",
                client.next().path("data").get(0).path("model").path("version").asText());
        server.publish(new Published.HistoryAdvanced(
                new HistoryProgress(
                        List.of(new HistoryProgress.OfSymbol(Sample.BTC, 7.59, 21)), 7_260_000, "7 of 21 days."),
                Sample.NOON));
        JsonNode history = client.next().path("data").get(0).path("history");
        assertEquals(7.5, history.path("symbols").get(0).path("days").asDouble());
        assertEquals(7260, history.path("remainingSeconds").asInt());
        assertEquals("7 of 21 days.", history.path("detail").asText());
        assertEquals(history, server.json("/api/v1/symbols").path("status").path("history"), "by REST the same");
        assertEquals(
                "LIVE",
                server.json("/api/v1/symbols")
                        .path("data")
                        .get(0)
                        .path("feedState")
                        .asText());
    }

    @Test
    void shouldResumeFromTheArchiveAndGoOnWithoutHoleOrDouble() {
        for (int i = 1; i < 700; i++) {
            server.archive.writeCandles(List.of(Sample.candle(Sample.BTC, i)));
        }
        client.subscribe("candles", BTC_ONLY + ",\"snapshot\":false");
        assertTrue(client.next().path("success").asBoolean());
        publish(Sample.candle(Sample.BTC, 700));
        assertMessage(client.next(), "candles", "update", "BTC/USD", NOON + 699);
        client.send("{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"candles\"" + BTC_ONLY + "}}");
        assertTrue(client.next().path("success").asBoolean());
        CompletableFuture<Void> market = CompletableFuture.runAsync(() -> {
            for (int i = 701; i <= 900; i++) {
                publish(Sample.candle(Sample.BTC, i));
            }
        });
        client.subscribe("candles", BTC_ONLY + ",\"since\":" + (NOON + 9));
        assertTrue(client.next().path("success").asBoolean());
        for (int i = 11; i <= 900; i++) {
            assertMessage(client.next(), "candles", "update", "BTC/USD", NOON - 1 + i);
        }
        market.join();
        assertTrue(client.isEmpty());
    }

    @Test
    void shouldShowASnapshotWhenSinceIsTooLongAgo() {
        client.subscribe("candles", BTC_ONLY + ",\"snapshot\":false,\"since\":" + (NOON - 1500));
        client.next();
        assertMessage(client.next(), "candles", "snapshot", "BTC/USD", NOON - 1);
        client.send("{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"candles\"},\"reqId\":\"u\"}");
        assertEquals("u", client.next().path("reqId").asText());
        assertEquals("ETH/USD", client.next().path("result").path("symbol").asText());
        publish(Sample.candle(Sample.BTC, 1));
        client.subscribe("candles", BTC_ONLY + ",\"since\":" + (NOON - 1));
        client.next();
        assertMessage(client.next(), "candles", "update", "BTC/USD", NOON);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 1_000_000_000_000_000_000L, 253_402_300_800_000L, 29_460_960L})
    void shouldJustFollowWhenSinceIsYetToCome(long since) {
        client.subscribe("candles", BTC_ONLY + ",\"since\":" + since);
        assertTrue(client.next().path("success").asBoolean());
        publish(Sample.candle(Sample.BTC, 1));
        assertMessage(client.next(), "candles", "update", "BTC/USD", NOON);
        client.subscribe("sentiment", BTC_ONLY + ",\"since\":" + Long.MAX_VALUE);
        assertTrue(client.next().path("success").asBoolean());
        server.publish(new Published.SentimentScored(Sample.sentiment("BTC/USD", "a", Sample.NOON)));
        assertMessage(client.next(), "sentiment", "update", "BTC/USD", Sample.NOON.toEpochMilli());
    }

    /** Of ETH/USD nothing had been stored when the server started, and nothing was heard since. */
    @Test
    void shouldMeasureTheLastDayFromNowWhereNothingWasHeard() {
        server.archive.writeCandles(List.of(Sample.candle(Sample.ETH, -3000), Sample.candle(Sample.ETH, -5)));
        String ethOnly = ",\"symbols\":[\"ETH/USD\"]";
        client.subscribe("candles", ethOnly + ",\"since\":1");
        client.next();
        assertMessage(client.next(), "candles", "snapshot", "ETH/USD", 0);
        client.send("{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":[\"ETH/USD\"]}}");
        client.next();
        client.subscribe("candles", ethOnly + ",\"since\":" + (NOON - 1000));
        client.next();
        assertMessage(client.next(), "candles", "update", "ETH/USD", NOON - 6);
        assertTrue(client.isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello|not JSON",
                "[]|not a JSON object",
                "{} {}|not JSON",
                "{\"method\":\"dance\",\"reqId\":7}|Unknown method 'dance'",
                "{\"method\":\"subscribe\"}|Unknown channel",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"trades\"}}|Unknown channel 'trades'",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":\"BTC/USD\"}}|symbols must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":[1]}}|symbols must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":[]}}|symbols must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":[\"FOO/BAR\"]}}|Unknown symbol FOO/BAR",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"symbols\":[\"*\"]}}|Unknown symbol *",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"since\":\"1\"}}|since must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"since\":-1}}|since must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"since\":1.5}}|since must be",
                "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"snapshot\":1}}|snapshot must be",
                "{\"method\":\"ping\",\"reqId\":[1]}|reqId must be"
            })
    void shouldSayWhatIsWrongAndStayUp(String request, String error) {
        client.send(request);
        JsonNode answer = client.next();
        assertFalse(answer.path("success").asBoolean(true));
        assertTrue(answer.path("error").asText().contains(error), answer.toString());
        client.send("{\"method\":\"ping\"}");
        assertEquals("pong", client.next().path("method").asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-7", "\"abc\"", "true", "null", "123456789012345678901234567890", "1.25"})
    void shouldEchoAnyScalarId(String id) {
        client.send("{\"method\":\"ping\",\"reqId\":" + id + "}");
        JsonNode pong = client.next();
        assertEquals("pong", pong.path("method").asText());
        assertEquals(id, pong.path("reqId").toString());
    }

    @Test
    void shouldTakeMessagesInPartsAndRefuseBinaryOnes() {
        client.sendParts("{\"method\":", "\"ping\"", "}");
        assertEquals("pong", client.next().path("method").asText());
        client.sendBinary();
        assertTrue(client.next().path("error").asText().contains("Binary"));
    }

    @Test
    void shouldCloseOnAMessageThatIsTooLong() {
        client.send("\"" + "x".repeat(70_000) + "\"");
        assertEquals(1009, client.closeCode());
    }

    @Test
    void shouldSendAHeartbeatWhenNothingElseIsSent() {
        assertEquals("{\"channel\":\"heartbeat\"}", client.any().toString());
        assertEquals("{\"channel\":\"heartbeat\"}", client.any().toString());
    }

    @Test
    void shouldSayGoodbyeWhenTheServerStops() {
        client.send("{\"method\":\"ping\"}");
        client.next();
        server.system.terminate();
        assertEquals(1001, client.closeCode());
    }
}
