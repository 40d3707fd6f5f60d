package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.Published;
import tickcast.model.market.Quality;
import tickcast.streams.kafka.KafkaServer;

/** Programs that know only the written format publish trades and headlines of their own, and some that are no good. */
class StrangerTest {

    private static final String BOOTSTRAP = KafkaServer.shared().bootstrapServers();
    private static final int MINUTES = 5;

    @TempDir
    Path folder;

    private final Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(12));
    private final BlockingQueue<Published> published = new LinkedBlockingQueue<>();

    @Test
    void shouldPredictFromWhatStrangersPublishAndRejectWhatIsBad() throws Exception {
        Map<String, Object> settings = KafkaRun.bus(KafkaServer.shared(), "stranger");
        settings.putAll(Map.of(
                "tickcast.market.source",
                "topic",
                "tickcast.symbols",
                "BTC/USD,ETH/USD",
                "tickcast.data-directory",
                folder.toString()));
        try (TestNode node = TestNode.start(settings, InstantSource.system(), published::add);
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", BOOTSTRAP), new StringSerializer(), new StringSerializer())) {
            node.port();
            List<String> bad = publish(producer);
            Instant lastClose = noon.plus(Duration.ofMinutes(MINUTES));
            List<Published.CandleClosed> candles = new ArrayList<>();
            boolean predicted = false;
            boolean scored = false;
            while (!predicted || !scored) {
                Published event = published.poll(60, TimeUnit.SECONDS);
                assertTrue(event != null, "nothing more came; candles: " + candles);
                if (event instanceof Published.CandleClosed closed) {
                    candles.add(closed);
                }
                predicted |= event instanceof Published.PredictionMade made
                        && made.prediction().asOf().equals(lastClose);
                scored |= event instanceof Published.SentimentScored sentiment
                        && sentiment.sentiment().newsId().equals("stranger-1");
            }
            assertEquals(2 * MINUTES, candles.size());
            assertTrue(candles.stream()
                    .allMatch(closed -> closed.candle().quality() == Quality.COMPLETE
                            || closed.candle().openTime().equals(noon)));
            assertRejected(bad);
        }
    }

    /** Returns the reasons for which some of it must be rejected, as they begin. */
    private List<String> publish(KafkaProducer<String, String> producer) throws Exception {
        send(producer, "trades", "BTC/USD", "this is no record");
        send(producer, "trades", "BTC/USD", trade("BTC/USD", 1, noon).replace("\"price\":1", "\"price\":-1"));
        send(producer, "trades", "DOGE/USD", trade("DOGE/USD", 1, noon));
        send(producer, "trades", "ETH/USD", trade("BTC/USD", 1, noon));
        send(producer, "trades", "BTC/USD", trade("BTC/USD", 1, Instant.now().plus(Duration.ofHours(1))));
        send(producer, "news", "x", "{\"v\":1}");
        long id = 1;
        for (int second = 0; second <= MINUTES * 60 + 1; second += 7) {
            for (String symbol : List.of("BTC/USD", "ETH/USD")) {
                send(producer, "trades", symbol, trade(symbol, id++, noon.plusSeconds(second)));
            }
        }
        Instant end = noon.plus(Duration.ofMinutes(MINUTES)).plusSeconds(2);
        send(producer, "trades", "BTC/USD", trade("BTC/USD", id, end));
        send(producer, "news", "stranger-1", """
                {"v":1,"kind":"news","source":"topic","epoch":0,"id":"stranger-1","feed":"my program",
                 "title":"Bitcoin surges to a record high","summary":"","link":"",
                 "publishedAt":"2026-01-05T12:00:00.000Z","fetchedAt":"2026-01-05T12:00:00.000Z"}""");
        return List.of(
                "not JSON",
                "'price' of trade 0 must be a positive number",
                "the symbol DOGE/USD is not followed here",
                "the key must be \"BTC/USD\"",
                "trade 1 lies in the future",
                "'kind' is missing");
    }

    private static String trade(String symbol, long id, Instant time) {
        return String.format(
                Locale.ROOT,
                "{\"v\":1,\"kind\":\"trades\",\"source\":\"topic\",\"epoch\":0,\"symbol\":\"%s\",\"trades\":["
                        + "{\"id\":%d,\"timeMicros\":%d,\"price\":1%d,\"quantity\":0.5,\"side\":\"BUY\"}]}",
                symbol,
                id,
                time.toEpochMilli() * 1000,
                id % 7);
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String key, String value)
            throws Exception {
        producer.send(new ProducerRecord<>("stranger." + topic, key, value)).get(20, TimeUnit.SECONDS);
    }

    private static void assertRejected(List<String> reasons) throws Exception {
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", BOOTSTRAP), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition rejected = new TopicPartition("stranger.rejected", 0);
            consumer.assign(List.of(rejected));
            consumer.seekToBeginning(List.of(rejected));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (seen.size() < reasons.size() && System.nanoTime() < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    JsonNode json = new ObjectMapper().readTree(record.value());
                    assertTrue(json.path("topic").asText().startsWith("stranger."), json.toString());
                    assertTrue(
                            json.path("offset").isNumber() && json.path("value").isTextual(), json.toString());
                    seen.add(json.path("reason").asText());
                }
            }
        }
        for (String reason : reasons) {
            assertTrue(seen.stream().anyMatch(found -> found.startsWith(reason)), reason + " is not among " + seen);
        }
        assertEquals(reasons.size(), seen.size());
    }
}
