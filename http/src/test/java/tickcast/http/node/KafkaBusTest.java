package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.MarketSource;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.kafka.KafkaServer;

/** What went through Kafka is kept exactly as what was handed over directly, also when the node is killed on the way. */
class KafkaBusTest {

    private static final Instant START = Instant.parse("2025-11-19T23:30:00Z");
    private static final Duration LENGTH = Duration.ofHours(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path history;
    private MarketSource source;

    @BeforeEach
    void record() throws Exception {
        Instant end = START.plus(LENGTH);
        history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, end);
        source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
    }

    private Map<String, Object> replay(Path data) {
        return new HashMap<>(Map.of(
                "tickcast.market.source",
                "replay",
                "tickcast.market.replay.directory",
                history.toString(),
                "tickcast.market.replay.speed",
                0,
                "tickcast.data-directory",
                data.toString()));
    }

    private Map<String, Object> throughKafka(Path data, int partitions, String prefix) {
        Map<String, Object> settings = replay(data);
        settings.put("tickcast.bus", "kafka");
        settings.put("tickcast.kafka.bootstrap-servers", KafkaServer.shared().bootstrapServers());
        settings.put("tickcast.kafka.partitions", partitions);
        for (String topic :
                List.of("trades", "news", "candles", "features", "predictions", "errors", "sentiment", "rejected")) {
            settings.put("tickcast.kafka.topics." + topic + ".name", prefix + "." + topic);
        }
        return settings;
    }

    private Path direct() throws Exception {
        Path data = folder.resolve("direct");
        TestNode.playToTheEnd(replay(data), 120);
        return data;
    }

    @Test
    void shouldKeepWhatADirectReplayKeeps() throws Exception {
        Path data = folder.resolve("kafka");
        TestNode.playToTheEnd(throughKafka(data, 2, "whole"), 120);
        compare(direct(), data);
    }

    @Test
    void shouldKeepTheSameWhenKilledOnTheWay() throws Exception {
        Path data = folder.resolve("killed");
        Map<String, String> environment = Map.of(
                "MARKET_SOURCE", "replay",
                "REPLAY_DIRECTORY", history.toString(),
                "REPLAY_SPEED", "0",
                "TRAINING_ENABLED", "false",
                "BUS", "kafka",
                "KAFKA_PARTITIONS", "2",
                "KAFKA_BOOTSTRAP_SERVERS", KafkaServer.shared().bootstrapServers());
        for (int minute : List.of(20, 90)) {
            try (ChildNode node = ChildNode.serve(data, environment);
                    Stream stream = Stream.open(node.port())) {
                stream.subscribe("candles");
                awaitCandle(stream, START.plus(Duration.ofMinutes(minute)));
                node.kill();
            }
        }
        try (ChildNode node = ChildNode.serve(data, environment);
                Stream stream = Stream.open(node.port())) {
            stream.subscribe("status");
            awaitEnd(stream);
        }
        compare(direct(), data);
    }

    private static void awaitCandle(Stream stream, Instant openTime) throws InterruptedException {
        while (true) {
            for (JsonNode candle : stream.next(PATIENCE).path("data")) {
                if (!Instant.parse(candle.path("openTime").asText()).isBefore(openTime)) {
                    return;
                }
            }
        }
    }

    private static void awaitEnd(Stream stream) throws InterruptedException {
        while (true) {
            for (JsonNode status : stream.next(PATIENCE).path("data")) {
                if (status.path("feed").path("state").asText().equals("ENDED")) {
                    return;
                }
            }
        }
    }

    private void compare(Path direct, Path kafka) throws Exception {
        Kept wanted = Kept.read(direct, source, Recording.SYMBOLS);
        Kept seen = Kept.read(kafka, source, Recording.SYMBOLS);
        DrillTable.assertSame("candles", wanted.wholeCandleTexts(), seen.wholeCandleTexts());
        DrillTable.assertSame("features", wanted.featureTexts(), seen.featureTexts());
        DrillTable.assertSame("predictions", wanted.predictionTexts(), seen.predictionTexts());
        DrillTable.assertSame("errors", wanted.errorTexts(), seen.errorTexts());
        for (String table : List.of("candles", "features", "predictions", "errors")) {
            assertEquals(Kept.rows(direct, source, table), Kept.rows(kafka, source, table), "rows of " + table);
        }
    }
}
