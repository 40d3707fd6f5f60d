package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.forecast.Status;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.TrainedModel;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.kafka.KafkaServer;

/**
 * A node on Kafka and Elasticsearch that is killed again and again leaves in Elasticsearch exactly what a node without either
 * leaves in SQLite when it is left in peace.
 */
class BackboneKillTest {

    private static final Instant START = Instant.parse("2025-11-19T23:30:00Z");
    /** Longer than a group waits for a dead member on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int PARTITIONS = 3;
    /** How far into the work on some minutes a kill may fall. */
    private static final int MOST_MICROS = 400_000;

    @TempDir
    Path folder;

    @Test
    void shouldLoseNothingAndDoubleNothingWhenKilledThreeTimes() throws Exception {
        drill("kills-3", 3, Duration.ofHours(26), 0.75, 51);
    }

    @Test
    @Tag("drill")
    void shouldLoseNothingAndDoubleNothingOfAMillionTradesWhenKilledTwentyTimes() throws Exception {
        drill("kills-20", 20, Duration.ofHours(72), 4.3, 52);
    }

    private void drill(String name, int kills, Duration length, double activity, long seed) throws Exception {
        Instant end = START.plus(length);
        Recording recording = Recording.of(START, length, activity);
        Path history = recording.write(folder.resolve("history"), START, end);
        MarketSource source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
        TrainedModel model = PinnedModel.train(START.plus(Duration.ofDays(1)), activity);
        Backbone backbone = Backbone.withElasticsearch(KafkaServer.shared(), name, PARTITIONS);
        Path disturbed = folder.resolve("disturbed");
        PinnedModel.pin(model, disturbed, source);

        Map<String, String> environment = Map.of(
                "MARKET_SOURCE", "replay",
                "REPLAY_DIRECTORY", history.toString(),
                "REPLAY_SPEED", "0",
                "TRAINING_ENABLED", "false");
        List<String> options = backbone.options();
        KilledReplay replay =
                new KilledReplay(() -> ChildNode.serve(disturbed, options, environment), PATIENCE, MOST_MICROS);
        long startedAt = System.nanoTime();
        replay.play(START, length, kills, new Random(seed), () -> backbone.awaitArchived(source, PATIENCE));
        double seconds = (System.nanoTime() - startedAt) / 1e9;

        Kept wanted = undisturbed(history, model, source, length);
        try (Archive archive = backbone.archive(source)) {
            compare(
                    wanted,
                    Kept.read(archive, Recording.SYMBOLS),
                    recording.trades().size(),
                    kills,
                    seconds);
        }
        assertEquals(0, backbone.records("rejected"), "rejected records");
    }

    private Kept undisturbed(Path history, TrainedModel model, MarketSource source, Duration length) throws Exception {
        Path data = folder.resolve("undisturbed");
        PinnedModel.pin(model, data, source);
        TestNode.playToTheEnd(
                Map.of(
                        "tickcast.market.source",
                        "replay",
                        "tickcast.market.replay.directory",
                        history.toString(),
                        "tickcast.market.replay.speed",
                        0,
                        "tickcast.data-directory",
                        data.toString()),
                120 + length.toMinutes() / 10);
        return Kept.read(data, source, Recording.SYMBOLS);
    }

    private static void compare(Kept wanted, Kept seen, int trades, int kills, double seconds) {
        int candles = DrillTable.assertSame("candles", wanted.wholeCandleTexts(), seen.wholeCandleTexts());
        int vectors = DrillTable.assertSame("features", wanted.featureTexts(), seen.featureTexts());
        int predictions = DrillTable.assertSame("predictions", wanted.predictionTexts(), seen.predictionTexts());
        int errors = DrillTable.assertSame("errors", wanted.errorTexts(), seen.errorTexts());
        assertTrue(
                seen.predictions().stream().anyMatch(prediction -> prediction.status() == Status.LIVE),
                "the pinned model spoke");
        DrillTable.row(
                "nothing lost, nothing twice: %,d trades through Kafka, kill -9 %d times".formatted(trades, kills),
                "Elasticsearch holds exactly what an undisturbed node on SQLite holds",
                "0 differences in %,d candles, %,d vectors, %,d predictions, %,d errors; %.0f s",
                candles,
                vectors,
                predictions,
                errors,
                seconds);
    }
}
