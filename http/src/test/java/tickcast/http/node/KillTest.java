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
import tickcast.model.forecast.Status;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.TrainedModel;
import tickcast.streams.exchange.replay.HistoryFiles;

/** A node that is killed again and again while it replays keeps what one keeps that is left in peace. */
class KillTest {

    /** Early enough for every symbol to have a price at midnight, where recursions start. */
    private static final Instant START = Instant.parse("2025-11-19T23:30:00Z");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How far into a minute's work a kill may fall. */
    private static final int MOST_MICROS = 20_000;

    @TempDir
    Path folder;

    private Path history;
    private MarketSource source;

    @Test
    void shouldKeepEverythingExactlyOnceWhenKilledFourTimes() throws Exception {
        drill(4, Duration.ofHours(26), 41);
    }

    @Test
    @Tag("drill")
    void shouldKeepEverythingExactlyOnceWhenKilledTwentyTimes() throws Exception {
        drill(20, Duration.ofHours(72), 42);
    }

    private void drill(int kills, Duration length, long seed) throws Exception {
        Instant end = START.plus(length);
        history = Recording.of(START, length).write(folder.resolve("history"), START, end);
        source = MarketSource.replay(HistoryFiles.discover(history).fingerprint());
        TrainedModel model = PinnedModel.train(START.plus(Duration.ofDays(1)));
        Path disturbed = folder.resolve("disturbed");
        Path undisturbed = folder.resolve("undisturbed");
        PinnedModel.pin(model, disturbed, source);
        PinnedModel.pin(model, undisturbed, source);

        playKilling(disturbed, kills, length, new Random(seed));
        TestNode.playToTheEnd(
                Map.of(
                        "tickcast.market.source",
                        "replay",
                        "tickcast.market.replay.directory",
                        history.toString(),
                        "tickcast.market.replay.speed",
                        0,
                        "tickcast.data-directory",
                        undisturbed.toString()),
                120 + length.toMinutes() / 10);
        compare(undisturbed, disturbed, kills);
    }

    // --- killing

    private void playKilling(Path data, int kills, Duration length, Random random) throws Exception {
        new KilledReplay(() -> serve(data), PATIENCE, MOST_MICROS).play(START, length, kills, random, () -> {});
    }

    private ChildNode serve(Path data) throws Exception {
        return ChildNode.serve(
                data,
                Map.of(
                        "MARKET_SOURCE", "replay",
                        "REPLAY_DIRECTORY", history.toString(),
                        "REPLAY_SPEED", "0",
                        "TRAINING_ENABLED", "false"));
    }

    // --- comparing

    private void compare(Path undisturbed, Path disturbed, int kills) throws Exception {
        Kept wanted = Kept.read(undisturbed, source, Recording.SYMBOLS);
        Kept seen = Kept.read(disturbed, source, Recording.SYMBOLS);
        int candles = DrillTable.assertSame("candles", wanted.wholeCandleTexts(), seen.wholeCandleTexts());
        int vectors = DrillTable.assertSame("features", wanted.featureTexts(), seen.featureTexts());
        int predictions = DrillTable.assertSame("predictions", wanted.predictionTexts(), seen.predictionTexts());
        int errors = DrillTable.assertSame("errors", wanted.errorTexts(), seen.errorTexts());
        for (String table : List.of("candles", "features", "predictions", "errors")) {
            assertEquals(
                    Kept.rows(undisturbed, source, table), Kept.rows(disturbed, source, table), "rows of " + table);
        }
        assertEquals("ok", Kept.integrity(disturbed, source));
        assertTrue(
                seen.predictions().stream().anyMatch(prediction -> prediction.status() == Status.LIVE),
                "the pinned model spoke");
        DrillTable.row(
                "survives kill -9, %d times during a replay".formatted(kills),
                "everything exactly once, as undisturbed; database intact",
                "0 differences in %d candles, %d vectors, %d predictions, %d errors; integrity ok",
                candles,
                vectors,
                predictions,
                errors);
    }
}
