package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.kafka.KafkaServer;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

/**
 * Others publish trades into the topic, some of them rubbish, some twice, some too late and after a restart: every minute is
 * what its trades make it.
 */
class VenueTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Instant START = Instant.parse("2025-11-20T12:00:00Z");
    private static final int TRADES_A_MINUTE = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private Backbone backbone;
    private KafkaProducer<String, byte[]> producer;

    @BeforeEach
    void connect() {
        backbone = Backbone.embedded(KafkaServer.shared(), "venue", 2);
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, backbone.kafka().bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void disconnect() {
        producer.close();
    }

    @Test
    void shouldRejectRubbishKnowRepetitionsAndTakeLateTradesAfterARestart() throws Exception {
        try (TestNode node = TestNode.start(settings())) {
            int page = node.port();
            for (int minute = 0; minute <= 5; minute++) {
                publish(minute);
                if (minute == 2) {
                    publishRubbish();
                }
            }
            awaitMinute(page, 4);
            assertCandle(page, BTC, 2, TRADES_A_MINUTE, 0);
            assertCandle(page, ETH, 3, TRADES_A_MINUTE, 0);
            assertEquals(Set.of("not JSON"), reasons(2));
        }
        try (TestNode node = TestNode.start(settings())) {
            int page = node.port();
            publish(2);
            send(BTC, List.of(trade(BTC, 3, TRADES_A_MINUTE)));
            publish(6);
            publish(7);
            awaitMinute(page, 6);
            assertCandle(page, BTC, 2, TRADES_A_MINUTE, 0);
            assertCandle(page, BTC, 3, TRADES_A_MINUTE + 1, 1);
            assertCandle(page, ETH, 3, TRADES_A_MINUTE, 0);
            assertCandle(page, BTC, 4, TRADES_A_MINUTE, 0);
            assertEquals(Set.of("not JSON"), reasons(2));
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(backbone.settings());
        settings.put("tickcast.market.source", "topic");
        settings.put("tickcast.symbols", BTC + "," + ETH);
        settings.put("tickcast.data-directory", data.toString());
        return settings;
    }

    // --- the venue

    /** The id leaves room for one more trade a minute; the price and the quantity follow from it. */
    private static Trade trade(Symbol symbol, int minute, int number) {
        Instant time = START.plus(Duration.ofMinutes(minute)).plusSeconds(2 + 8L * number);
        return new Trade(
                symbol,
                1000L * minute + number,
                Times.micros(time),
                100 + minute + number / 8.0,
                1 + number / 4.0,
                Side.BUY);
    }

    private static List<Trade> trades(Symbol symbol, int minute, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> trade(symbol, minute, number))
                .toList();
    }

    private void publish(int minute) throws Exception {
        send(BTC, trades(BTC, minute, TRADES_A_MINUTE));
        send(ETH, trades(ETH, minute, TRADES_A_MINUTE));
    }

    private void send(Symbol symbol, List<Trade> trades) throws Exception {
        send(symbol, MarketRecordCodec.encode(new Stamped<>(new MarketRecord.Trades(symbol, trades), "topic", 0)));
    }

    private void publishRubbish() throws Exception {
        send(BTC, "{\"v\":1,\"kind\":\"trades\",".getBytes(StandardCharsets.UTF_8));
        send(ETH, new byte[] {(byte) 0xff, 0, 1});
    }

    private void send(Symbol symbol, byte[] value) throws Exception {
        producer.send(new ProducerRecord<>(backbone.topic("trades"), symbol.name(), value))
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    // --- what became of it

    /** Why records were rejected; after a restart one may be rejected again, which its place tells. */
    private Set<String> reasons(int records) throws Exception {
        Set<String> reasons = new HashSet<>();
        Set<String> places = new HashSet<>();
        TopicPartition rejected = new TopicPartition(backbone.topic("rejected"), 0);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, backbone.kafka().bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(rejected));
            consumer.seekToBeginning(List.of(rejected));
            long end = backbone.records("rejected");
            while (consumer.position(rejected) < end) {
                for (ConsumerRecord<String, byte[]> row : consumer.poll(Duration.ofSeconds(1))) {
                    JsonNode said = JSON.readTree(row.value());
                    reasons.add(said.path("reason").asText().split(":")[0]);
                    places.add(said.path("topic").asText() + " " + said.path("partition") + " " + said.path("offset"));
                }
            }
        }
        assertEquals(records, places.size(), () -> "rejected: " + places);
        return reasons;
    }

    private JsonNode ask(int page, String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/api/v1/symbols" + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("data");
    }

    private void awaitMinute(int page, int minute) throws Exception {
        Instant closeTime = START.plus(Duration.ofMinutes(minute + 1L));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!haveClosed(page, closeTime)) {
            assertTrue(System.nanoTime() < deadline, () -> "minute " + minute + " did not close");
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private boolean haveClosed(int page, Instant closeTime) throws Exception {
        int closed = 0;
        for (JsonNode symbol : ask(page, "")) {
            String newest = symbol.path("asOf").asText("");
            closed += newest.endsWith("Z") && !Instant.parse(newest).isBefore(closeTime) ? 1 : 0;
        }
        return closed == 2;
    }

    private void assertCandle(int page, Symbol symbol, int minute, int trades, int revision) throws Exception {
        Instant open = START.plus(Duration.ofMinutes(minute));
        JsonNode found = ask(
                        page,
                        "/" + symbol.base() + "-" + symbol.quote() + "/candles?from=" + open + "&to="
                                + open.plusSeconds(60))
                .path(0);
        String what = symbol + " minute " + minute + ": " + found;
        List<Trade> wanted = trades(symbol, minute, trades);
        assertEquals(trades, found.path("trades").asInt(), what);
        assertEquals(revision, found.path("revision").asInt(), what);
        assertEquals(wanted.get(0).price(), found.path("open").asDouble(), what);
        assertEquals(wanted.get(trades - 1).price(), found.path("close").asDouble(), what);
        assertEquals(
                wanted.stream().mapToDouble(Trade::quantity).sum(),
                found.path("volume").asDouble(),
                what);
    }
}
