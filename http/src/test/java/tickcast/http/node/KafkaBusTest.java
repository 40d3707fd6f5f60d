package tickcast.http.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

    private KafkaRun run;

    @BeforeEach
    void record() throws Exception {
        Instant end = START.plus(LENGTH);
        Path history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, end);
        run = new KafkaRun(
                history, MarketSource.replay(HistoryFiles.discover(history).fingerprint()));
    }

    private Path direct() throws Exception {
        Path data = folder.resolve("direct");
        TestNode.playToTheEnd(run.direct(data), 120);
        return data;
    }

    @Test
    void shouldKeepWhatADirectReplayKeeps() throws Exception {
        Path data = folder.resolve("kafka");
        TestNode.playToTheEnd(run.throughKafka(KafkaServer.shared(), data, "whole"), 120);
        run.assertSame(direct(), data);
    }

    @Test
    void shouldKeepTheSameWhenKilledOnTheWay() throws Exception {
        Path data = folder.resolve("killed");
        Map<String, String> environment = Map.of(
                "MARKET_SOURCE", "replay",
                "REPLAY_DIRECTORY", run.history().toString(),
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
        run.assertSame(direct(), data);
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
}
