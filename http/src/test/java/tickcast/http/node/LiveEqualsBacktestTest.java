package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.training.Backtest;
import tickcast.model.training.BacktestSettings;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.Progress;
import tickcast.streams.exchange.replay.HistoryFiles;

/**
 * The same recording through a running node and through {@code backtest}, one pinned model: every prediction from the first
 * minute on is the same bit for bit, with its interval, its probability of a rise and the calibration that it was made
 * with: two calibrators that learn in another order, or from other outcomes, part at once and never meet again.
 */
class LiveEqualsBacktestTest {

    private static final int HORIZON = 5;
    private static final Instant DAY_BEFORE = Instant.parse("2025-11-20T00:00:00Z");
    /** Early enough for every symbol to have a price at the recursions' start. */
    private static final Instant BEGINNING = DAY_BEFORE.minus(Duration.ofMinutes(30));

    @TempDir
    Path folder;

    @Test
    void shouldPredictTheSameInTheRunningSystemAndInTheBacktest() throws Exception {
        shouldBeTheSame(Duration.ofHours(27));
    }

    /** Past the midnight at which the recursions are swapped while the model speaks. */
    @Test
    @Tag("drill")
    void shouldPredictTheSameForDays() throws Exception {
        shouldBeTheSame(Duration.ofHours(54));
    }

    private void shouldBeTheSame(Duration length) throws Exception {
        Recording recording = Recording.of(BEGINNING, length.plusMinutes(30));
        Instant end = recording.firstBusyMinute(BEGINNING.plus(length)).plus(Candle.INTERVAL);
        Path played = recording.write(folder.resolve("played"), BEGINNING, end);
        MarketSource source = MarketSource.replay(HistoryFiles.discover(played).fingerprint());
        Path data = folder.resolve("data");
        String version = PinnedModel.pin(PinnedModel.train(BEGINNING), data, source);

        Kept live = play(played, data, source);
        List<Prediction> walked = walk(history(played), data, source, version);

        int predictions = DrillTable.assertSame(
                "predictions, running system and backtest", live.predictionTexts(), Kept.texts(walked));
        DrillTable.assertSame(
                "predictions, running system and backtest on the candles that it kept",
                live.predictionTexts(),
                Kept.texts(walk(history(live), data, source, version)));
        long byModel = walked.stream().filter(p -> p.status() == Status.LIVE).count();
        long hoursOfModel = length.toHours() - 24;
        assertTrue(byModel >= (hoursOfModel - 1) * 60 * Recording.SYMBOLS.size(), byModel + " by the model");
        assertJudgedTheSame(live, report(played, data, source, version));

        DrillTable.row(
                "live equals backtest, one pinned model",
                "the same predictions and intervals bit for bit",
                "0 differences in %d predictions (%d by the model), calibration included",
                predictions,
                byModel);
    }

    private Kept play(Path played, Path data, MarketSource source) throws Exception {
        TestNode.playToTheEnd(
                Map.of(
                        "tickcast.market.source",
                        "replay",
                        "tickcast.market.replay.directory",
                        played.toString(),
                        "tickcast.market.replay.speed",
                        0,
                        "tickcast.forecast.stale-after",
                        "30d",
                        "tickcast.data-directory",
                        data.toString()),
                180);
        return Kept.read(data, source, Recording.SYMBOLS);
    }

    /** As the command reads it. */
    private static MarketHistory history(Path played) {
        var spec = new CommandLine(new BacktestCommand()).getCommandSpec();
        return RecordedHistory.open(spec, played, List.of()).read();
    }

    private static MarketHistory history(Kept kept) {
        Map<Symbol, List<Candle>> candles = new HashMap<>();
        kept.candles()
                .forEach(candle -> candles.computeIfAbsent(candle.symbol(), symbol -> new ArrayList<>())
                        .add(candle));
        return MarketHistory.of(candles, List.of());
    }

    private static List<Prediction> walk(MarketHistory history, Path data, MarketSource source, String version) {
        List<Prediction> published = new ArrayList<>();
        Settings settings = Settings.of(
                NodeConfig.load(ConfigFactory.parseMap(Map.of("tickcast.data-directory", data.toString()))));
        try (Forecaster model = new KeptSource(settings, source).someModels(models -> models.load(version))) {
            new Backtest(BacktestSettings.defaults(HORIZON), source.label(), System::nanoTime)
                    .run(history, model, Progress.SILENT, published::add);
        }
        return published;
    }

    private JsonNode report(Path played, Path data, MarketSource source, String version) throws Exception {
        Path out = folder.resolve("report.json");
        CommandRun run = CommandRun.of(
                data,
                "backtest",
                "--history",
                played.toString(),
                "--source",
                source.key(),
                "--model",
                version,
                "--out",
                out.toString());
        assertEquals(0, run.exitCode(), run.err());
        return new ObjectMapper().readTree(out.toFile());
    }

    /** What matured in the running system is what the report counts. */
    private static void assertJudgedTheSame(Kept live, JsonNode report) {
        assertEquals("1", report.at("/histories/0/pinnedModel").asText());
        for (Symbol symbol : Recording.SYMBOLS) {
            List<PredictionError> matured = live.errors().stream()
                    .filter(error -> error.prediction().symbol().equals(symbol))
                    .filter(error -> error.scored() && error.prediction().volatility() > 0)
                    .toList();
            JsonNode figures = report.get("symbols").get(symbol.name());
            assertEquals(matured.size(), figures.get("count").asInt(), "outcomes of " + symbol);
            double mae = matured.stream()
                    .mapToDouble(error ->
                            Math.abs(error.actualPrice() - error.prediction().predictedPrice()))
                    .average()
                    .orElseThrow();
            assertEquals(mae, figures.get("mae").asDouble(), 1e-9 * mae, "mean absolute error of " + symbol);
        }
    }
}
