package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.Candle;
import tickcast.streams.elasticsearch.ElasticsearchServer;

/** A node that has two days of candles of many symbols in its store soon predicts all of them when it starts. */
class ManySymbolsTest {

    private static final int SYMBOLS = 200;
    private static final double MOST_SECONDS = 20;
    /** For the first start, which fills the store, and each answer. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Duration GRACE = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    @Test
    @Tag("drill")
    void shouldPredictTwoHundredSymbolsSoonFromSqlite() throws Exception {
        drill("SQLite", Map.of());
    }

    @Test
    @Tag("drill")
    void shouldPredictTwoHundredSymbolsSoonFromElasticsearch() throws Exception {
        ElasticsearchServer server = ElasticsearchServer.forLong();
        try {
            drill("Elasticsearch", Map.of("STORE", "elasticsearch", "ELASTICSEARCH_URL", server.url()));
        } finally {
            server.remove();
        }
    }

    private void drill(String store, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("TRAINING_ENABLED", "false");
        Instant last;
        try (ChildNode node = node(PacedRun.START, environment)) {
            last = lastOfAllPredicted(node, Instant.EPOCH);
        }
        Instant again = last.plus(Candle.INTERVAL).plus(GRACE);
        double seconds;
        try (ChildNode node = node(again, environment)) {
            lastOfAllPredicted(node, last);
            seconds = node.secondsUp();
        }
        DrillTable.row(
                "start of %d symbols from two days of candles in %s, a process of its own".formatted(SYMBOLS, store),
                "every symbol predicted <= 20 s on 2 cores",
                "%.1f s on %d cores, load %.1f",
                seconds,
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        assertTrue(seconds <= MOST_SECONDS, seconds + " s");
    }

    /** A minute of the market has passed since the last one that was predicted. */
    private ChildNode node(Instant start, Map<String, String> environment) throws Exception {
        return ChildNode.start(
                PacedRun.class.getName(),
                List.of("1", start.toString(), Integer.toString(SYMBOLS)),
                folder,
                List.of("-Xmx1g"),
                environment);
    }

    /** Waits until every symbol has a prediction as of later than that. Returns the latest as-of. */
    private static Instant lastOfAllPredicted(ChildNode node, Instant after) throws Exception {
        try (Stream stream = Stream.open(node.port())) {
            stream.subscribe("predictions");
            Map<String, Instant> predicted = new HashMap<>();
            while (predicted.size() < SYMBOLS) {
                JsonNode message = stream.next(PATIENCE);
                for (JsonNode prediction : message.path("data")) {
                    Instant asOf = Instant.parse(prediction.path("asOf").asText());
                    if (asOf.isAfter(after)) {
                        predicted.put(message.path("symbol").asText(), asOf);
                    }
                }
            }
            return Collections.max(predicted.values());
        }
    }
}
