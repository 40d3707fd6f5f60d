package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.actors.topic.Published;
import tickcast.model.market.Times;

class SlowClientTest {

    private static final String SUBSCRIBE =
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"candles\",\"snapshot\":false}}";
    private TestServer server;

    private void start(Duration slowClientTimeout) {
        ApiSettings.Push push = new ApiSettings.Push(
                64 * 1024,
                Duration.ofMillis(200),
                Duration.ofMillis(300),
                slowClientTimeout,
                256,
                Duration.ofHours(24));
        server = new TestServer(TestServer.settings("", push, 1000, 256));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldCloseAClientThatAnswersNothing() throws IOException {
        start(Duration.ofMillis(1500));
        try (RawStreamClient deaf = new RawStreamClient(server.port, 64 * 1024)) {
            deaf.send(SUBSCRIBE);
            long start = System.nanoTime();
            assertEquals(1013, deaf.readToTheEnd());
            double seconds = (System.nanoTime() - start) / 1e9;
            assertTrue(seconds > 1.3 && seconds < 30, "closed after " + seconds + " s");
        }
    }

    @Test
    void shouldSkipForASlowClientAndServeTheOthersFully() throws IOException {
        start(Duration.ofMinutes(5));
        int minutes = 20_000;
        try (RawStreamClient slow = new RawStreamClient(server.port, 4 * 1024);
                StreamClient quick = server.connect()) {
            slow.send(SUBSCRIBE);
            quick.send(SUBSCRIBE);
            quick.next();
            quick.next();
            long seq = Times.epochMinute(Sample.minute(0));
            for (int i = 1; i <= minutes; i++) {
                server.publish(new Published.CandleClosed(Sample.candle(Sample.BTC, i)));
                if (i % 100 == 0) {
                    for (int j = 0; j < 100; j++) {
                        JsonNode message = quick.next();
                        assertEquals(seq++, message.path("seq").asLong());
                    }
                }
            }
            assertTrue(server.meters
                            .get("tickcast_http_conflated_messages_total")
                            .counter()
                            .count()
                    > 0);
        }
    }
}
