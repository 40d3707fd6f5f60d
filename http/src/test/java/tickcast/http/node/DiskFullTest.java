package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.TrainedModel;
import tickcast.streams.archive.SmallDisk;
import tickcast.streams.exchange.replay.HistoryFiles;

/** A data directory without space left: it says so, keeps what it has whole, and goes on when there is space. */
class DiskFullTest {

    private static final Instant START = Instant.parse("2025-11-19T23:30:00Z");
    private static final Duration LENGTH = Duration.ofHours(26);
    private static final long PATIENCE_SECONDS = 120;
    private static final int SMALL_MEBIBYTES = 8;
    private static final int ENOUGH_MEBIBYTES = 128;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsSpace() throws Exception {
        Instant end = START.plus(LENGTH);
        Path history = Recording.of(START, LENGTH).write(folder.resolve("history"), START, end);
        MarketSource source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
        TrainedModel model = PinnedModel.train(START.plus(Duration.ofDays(1)));
        Path undisturbed = folder.resolve("undisturbed");
        PinnedModel.pin(model, undisturbed, source);
        TestNode.playToTheEnd(replay(history, undisturbed), PATIENCE_SECONDS);

        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), SMALL_MEBIBYTES)) {
            PinnedModel.pin(model, disk.directory(), source);
            JsonNode full = playOnASmallDisk(disk, replay(history, disk.directory()));
            assertFalse(full.path("ready").asBoolean());
            assertEquals(
                    "archive (the disk of the data directory is full; writing goes on as soon as there is space)",
                    full.path("problem").asText());
            compare(undisturbed, disk.directory(), source);
        }
    }

    private static Map<String, Object> replay(Path history, Path data) {
        return Map.of(
                "tickcast.market.source",
                "replay",
                "tickcast.market.replay.directory",
                history.toString(),
                "tickcast.market.replay.speed",
                0,
                "tickcast.data-directory",
                data.toString());
    }

    /** Returns what {@code /ready} said when the disk was full. */
    private static JsonNode playOnASmallDisk(SmallDisk disk, Map<String, ?> settings) throws Exception {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Consumer<Published> listener = event -> {
            if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.ENDED) {
                ended.complete(null);
            }
        };
        try (TestNode node = TestNode.start(settings, InstantSource.system(), listener)) {
            node.port();
            JsonNode full = awaitReady(node, false);
            assertFalse(ended.isDone(), "the recording is meant to be too large for the disk");
            disk.resize(ENOUGH_MEBIBYTES);
            awaitReady(node, true);
            ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return full;
        }
    }

    private static JsonNode awaitReady(TestNode node, boolean ready) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + node.managementPort() + "/ready");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < deadline) {
            HttpResponse<String> answer =
                    CLIENT.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode said = JSON.readTree(answer.body());
            boolean starting = said.path("problem").asText().contains("starting");
            if (!starting && (answer.statusCode() == 200) == ready) {
                return said;
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        throw new AssertionError("the node did not become " + (ready ? "ready" : "unready"));
    }

    private static void compare(Path undisturbed, Path small, MarketSource source) throws Exception {
        Kept wanted = Kept.read(undisturbed, source, Recording.SYMBOLS);
        Kept seen = Kept.read(small, source, Recording.SYMBOLS);
        int candles = DrillTable.assertSame("candles", wanted.wholeCandleTexts(), seen.wholeCandleTexts());
        int predictions = DrillTable.assertSame("predictions", wanted.predictionTexts(), seen.predictionTexts());
        int errors = DrillTable.assertSame("errors", wanted.errorTexts(), seen.errorTexts());
        assertEquals("ok", Kept.integrity(small, source));
        assertTrue(candles > 0);
        DrillTable.row(
                "data directory on a full file system of %d MiB".formatted(SMALL_MEBIBYTES),
                "not ready, says why, goes on when there is space, nothing lost",
                "0 differences in %d candles, %d predictions, %d errors; integrity ok",
                candles,
                predictions,
                errors);
    }
}
