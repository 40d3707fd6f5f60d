package tickcast.http.node;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.model.market.MarketSource;
import tickcast.streams.kafka.KafkaServer;

/** Settings of nodes that replay a recording, handed over directly or through Kafka, and what they kept. */
record KafkaRun(Path history, MarketSource source) {

    /** Straight to the markets, as fast as it can. */
    Map<String, Object> direct(Path data) {
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

    /** Through topics of its own. */
    Map<String, Object> throughKafka(KafkaServer server, Path data, String prefix) {
        Map<String, Object> settings = direct(data);
        settings.putAll(bus(server, prefix));
        return settings;
    }

    /** The bus alone. */
    static Map<String, Object> bus(KafkaServer server, String prefix) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "tickcast.bus",
                "kafka",
                "tickcast.kafka.bootstrap-servers",
                server.bootstrapServers(),
                "tickcast.kafka.partitions",
                2));
        for (String topic :
                List.of("trades", "news", "candles", "features", "predictions", "errors", "sentiment", "rejected")) {
            settings.put("tickcast.kafka.topics." + topic + ".name", prefix + "." + topic);
        }
        return settings;
    }

    /** Fails unless both runs kept the same. */
    void assertSame(Path direct, Path kafka) {
        Kept wanted = Kept.read(direct, source, Recording.SYMBOLS);
        Kept seen = Kept.read(kafka, source, Recording.SYMBOLS);
        DrillTable.assertSame("candles", wanted.wholeCandleTexts(), seen.wholeCandleTexts());
        DrillTable.assertSame("features", wanted.featureTexts(), seen.featureTexts());
        DrillTable.assertSame("predictions", wanted.predictionTexts(), seen.predictionTexts());
        DrillTable.assertSame("errors", wanted.errorTexts(), seen.errorTexts());
    }
}
