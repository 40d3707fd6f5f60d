package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.simulated.SimulatedFeed;
import tickcast.streams.kafka.KafkaServer;

/** Kafka goes away under a live market, and stands still: the node says so, holds its memory, and misses nothing after it. */
class KafkaAwayTest {

    /** Of the market's clock: half a minute a second. */
    private static final int SPEED = 30;

    private static final String HEAP = "-Xmx256m";
    private static final long MOST_GROWTH = 48L << 20;
    private static final Duration TELLS_WITHIN = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> seen = new ArrayList<>();

    @Test
    void shouldMissNothingWhenKafkaIsAwayForSomeSeconds() throws Exception {
        drill("away-short", Duration.ofSeconds(8));
    }

    @Test
    @Tag("drill")
    void shouldMissNothingWhenKafkaIsAwayForTwoMinutes() throws Exception {
        drill("away-long", Duration.ofMinutes(2));
    }

    private void drill(String name, Duration away) throws Exception {
        KafkaServer kafka = KafkaServer.fresh();
        try {
            drill(Backbone.embedded(kafka, name, 2), away);
        } finally {
            kafka.remove();
        }
    }

    private void drill(Backbone backbone, Duration away) throws Exception {
        KafkaServer kafka = backbone.kafka();
        int managementPort = TestNode.freePort();
        List<String> options = new ArrayList<>(backbone.options());
        options.addAll(List.of(HEAP, "-XX:+ExitOnOutOfMemoryError"));
        Map<String, String> environment =
                Map.of("MANAGEMENT_PORT", Integer.toString(managementPort), "TRAINING_ENABLED", "false");
        Instant end;
        long[] liveSets;
        try (ChildNode node = ChildNode.start(
                PacedRun.class.getName(),
                List.of(Integer.toString(SPEED), PacedRun.START.toString()),
                data,
                options,
                environment)) {
            int page = node.port();
            Readiness readiness = new Readiness(managementPort);
            readiness.await(said -> said.ready() && said.feed().startsWith("LIVE"), PATIENCE);
            awaitMinute(page, PacedRun.START.plus(Duration.ofMinutes(2)));
            int measuredBefore = liveSets(node).length;

            disturb("stopped", kafka::stop, kafka::start, away, readiness, page);
            awaitMinute(page, marketTime(node));
            disturb("paused (SIGSTOP)", kafka::suspend, kafka::resume, away, readiness, page);
            end = marketTime(node).plus(Duration.ofMinutes(6));
            awaitMinute(page, end.plus(Duration.ofMinutes(2)));
            backbone.awaitArchived(SimulatedFeed.sourceOf(PacedRun.seed()), PATIENCE);
            liveSets = liveSets(node);
            assertBounded(liveSets, measuredBefore);
        }
        compare(away, end, liveSets);
    }

    /** Something is done to Kafka. */
    @FunctionalInterface
    private interface Deed {
        void run();
    }

    private void disturb(String how, Deed takeAway, Deed bringBack, Duration away, Readiness readiness, int page)
            throws Exception {
        long takenAt = System.nanoTime();
        takeAway.run();
        Readiness.Said said = readiness.await(
                answer -> !answer.ready()
                        && answer.problem().contains("has been away since")
                        && answer.feed().contains("has been away since"),
                TELLS_WITHIN);
        double toldAfter = secondsSince(takenAt);
        assertTrue(said.problem().contains("Kafka at 127.0.0.1:"), said::problem);
        String dashboard =
                symbols(page).path("status").path("feed").path("detail").asText();
        assertTrue(dashboard.contains("has been away since"), () -> "the dashboard says " + dashboard);
        readiness.stayUnready(away.minusNanos(System.nanoTime() - takenAt));
        long backAt = System.nanoTime();
        bringBack.run();
        readiness.await(Readiness.Said::ready, PATIENCE);
        seen.add("%s: told after %.1f s, ready %.1f s after it was back"
                .formatted(how, toldAfter, secondsSince(backAt)));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    // --- what the node says

    private JsonNode symbols(int page) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/api/v1/symbols"))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }

    /** Waits until every symbol has closed the minute that ends at {@code asOf}, or a later one. */
    private void awaitMinute(int page, Instant asOf) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode data = symbols(page).path("data");
            boolean reached = !data.isEmpty();
            for (JsonNode symbol : data) {
                String newest = symbol.path("asOf").asText("");
                reached &= newest.endsWith("Z") && !Instant.parse(newest).isBefore(asOf);
            }
            if (reached) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("minute " + asOf + " was not reached: " + data);
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private static List<String[]> figures(ChildNode node) {
        return node.words().stream()
                .filter(line -> line.startsWith(PacedRun.FIGURES))
                .map(line -> line.split(" "))
                .toList();
    }

    private static long[] liveSets(ChildNode node) {
        return figures(node).stream()
                .mapToLong(words -> Long.parseLong(words[2]))
                .toArray();
    }

    private static Instant marketTime(ChildNode node) {
        List<String[]> figures = figures(node);
        return Instant.parse(figures.get(figures.size() - 1)[4]);
    }

    private static void assertBounded(long[] liveSets, int measuredBefore) {
        long before = liveSets[measuredBefore - 1];
        for (int i = measuredBefore; i < liveSets.length; i++) {
            assertTrue(liveSets[i] < before + MOST_GROWTH, "live set " + liveSets[i] + ", before " + before);
        }
    }

    // --- what it kept

    private void compare(Duration away, Instant end, long[] liveSets) {
        Kept kept = Kept.read(data, SimulatedFeed.sourceOf(PacedRun.seed()), Recording.SYMBOLS);
        List<Candle> expected = new ArrayList<>();
        for (Symbol symbol : Recording.SYMBOLS) {
            expected.addAll(PacedRun.market().candles(symbol, PacedRun.START, end));
        }
        Map<String, String> wanted = new Kept(expected, List.of(), List.of(), List.of()).candleTexts();
        Map<String, String> found = new HashMap<>(kept.candleTexts());
        found.keySet().retainAll(wanted.keySet());
        int candles = DrillTable.assertSame("candles", wanted, found);
        List<Prediction> predictions = kept.predictions().stream()
                .filter(prediction -> prediction.published()
                        && prediction.asOf().isAfter(PacedRun.START)
                        && !prediction.asOf().isAfter(end))
                .toList();
        assertEquals(candles, predictions.size(), "one prediction a minute");
        int errors = assertMatured(kept, predictions, end);
        long late = predictions.stream()
                .filter(prediction -> prediction.status() == Status.ABSTAINED)
                .count();
        DrillTable.row(
                "Kafka away for %d s, twice, %s".formatted(away.toSeconds(), HEAP),
                "nothing lost, memory bounded, /ready and the dashboard say why",
                "%s; 0 of %,d candles missing or wrong, %,d predictions (%,d too late to speak), %,d matured;"
                        + " live set at most %.0f MiB",
                String.join("; ", seen),
                candles,
                predictions.size(),
                late,
                errors,
                java.util.Arrays.stream(liveSets).max().orElseThrow() / (double) (1 << 20));
    }

    private static int assertMatured(Kept kept, List<Prediction> predictions, Instant end) {
        Set<String> matured = new HashSet<>();
        kept.errors().forEach(error -> assertTrue(matured.add(error.prediction().id()), "matured once"));
        List<Prediction> due = predictions.stream()
                .filter(prediction ->
                        prediction.hasFigures() && !prediction.targetTime().isAfter(end))
                .toList();
        List<String> missing = due.stream()
                .map(Prediction::id)
                .filter(id -> !matured.contains(id))
                .toList();
        assertEquals(List.of(), missing, "predictions that did not mature");
        return due.size();
    }
}
