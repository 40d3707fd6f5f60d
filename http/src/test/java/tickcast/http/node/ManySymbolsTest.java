package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;
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
        drill(
                "Elasticsearch",
                Map.of(
                        "STORE",
                        "elasticsearch",
                        "ELASTICSEARCH_URL",
                        ElasticsearchServer.shared().url(),
                        "ELASTICSEARCH_INDEX_PREFIX",
                        "many-symbols"));
    }

    private void drill(String store, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "MARKET_SOURCE",
                "simulated",
                "SYMBOLS",
                IntStream.range(0, SYMBOLS).mapToObj(i -> "COIN" + i + "/USD").collect(Collectors.joining(",")),
                "SIMULATED_HISTORY",
                "2d",
                "SIMULATED_CATCH_UP",
                "10m",
                "TRAINING_ENABLED",
                "false"));
        environment.putAll(more);
        try (ChildNode node = ChildNode.serve(folder, environment)) {
            secondsUntilAllPredicted(node, Instant.EPOCH);
        }
        Instant stopped = Instant.now();
        awaitTime(Times.minuteOf(stopped).plus(Candle.INTERVAL).plus(GRACE));
        double seconds;
        try (ChildNode node = ChildNode.serve(folder, environment)) {
            seconds = secondsUntilAllPredicted(node, stopped);
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

    private static double secondsUntilAllPredicted(ChildNode node, Instant after) throws Exception {
        try (Stream stream = Stream.open(node.port())) {
            stream.subscribe("predictions");
            Set<String> predicted = new HashSet<>();
            while (predicted.size() < SYMBOLS) {
                JsonNode message = stream.next(PATIENCE);
                for (JsonNode prediction : message.path("data")) {
                    if (Instant.parse(prediction.path("asOf").asText()).isAfter(after)) {
                        predicted.add(message.path("symbol").asText());
                    }
                }
            }
            return node.secondsUp();
        }
    }

    private static void awaitTime(Instant time) {
        while (Instant.now().isBefore(time)) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }
}
