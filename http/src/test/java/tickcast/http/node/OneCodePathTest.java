package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.Progress;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.exchange.replay.HistoryImport;

/**
 * Law 5: the same trades live, replayed at any speed and in a training set give the same candles, features and, with one
 * pinned model, predictions and errors, bit for bit.
 *
 * <p>Live means: a node that follows a Kraken-protocol server on a clock that shows the recorded time. All know the history
 * since the recursions' start by {@code import}; the live one reads it back over REST once more, with the takers' sides. A
 * midnight, where the recursions are swapped, lies on the way. A file of trades knows no taker's side: the features of taker
 * flow are unknown to replays, and the pinned model, trained on such files, does not use them.
 */
class OneCodePathTest {

    private static final int HORIZON = 5;
    private static final Instant DAY_BEFORE = Instant.parse("2025-11-20T00:00:00Z");
    /** Early enough for every symbol to have a price at the recursions' start. */
    private static final Instant BEGINNING = DAY_BEFORE.minus(Duration.ofMinutes(30));

    private static final Duration BEFORE_MIDNIGHT = Duration.ofMinutes(25);
    private static final Duration LEFT_OVER = Duration.ofMinutes(10);
    private static final Set<String> FLOW = Set.of("takerFlow1", "takerFlow5", "takerFlow15", "takerFlow60");

    @TempDir
    Path folder;

    private Recording recording;
    /** Open time of the first minute that all paths play. */
    private Instant first;
    /** Close time of the last one. */
    private Instant end;

    private TrainedModel model;

    @Test
    void shouldPredictTheSameLiveReplayedAndInTraining() throws Exception {
        shouldBeOnePath(Duration.ofMinutes(50), 300);
    }

    @Test
    @Tag("drill")
    void shouldPredictTheSameLiveReplayedAndInTrainingForHours() throws Exception {
        shouldBeOnePath(Duration.ofHours(3), 60);
    }

    private void shouldBeOnePath(Duration length, double speed) throws Exception {
        Instant about = DAY_BEFORE.plus(Duration.ofDays(2)).minus(BEFORE_MIDNIGHT);
        recording = Recording.of(
                BEGINNING, Duration.between(BEGINNING, about.plus(length).plus(LEFT_OVER)));
        first = recording.firstBusyMinute(about);
        end = first.plus(length);
        model = PinnedModel.train(first);

        Kept live = playLive();
        Kept fast = replay("fast", 0);
        Kept paced = replay("paced", speed);

        int candles = DrillTable.assertSame("candles, replayed and live", fast.candleTexts(), live.candleTexts());
        int features = assertSameButForFlow(fast, live);
        int predictions =
                DrillTable.assertSame("predictions, replayed and live", fast.predictionTexts(), live.predictionTexts());
        int errors = DrillTable.assertSame("errors, replayed and live", fast.errorTexts(), live.errorTexts());
        DrillTable.assertSame("candles at two speeds", fast.wholeCandleTexts(), paced.wholeCandleTexts());
        DrillTable.assertSame("features at two speeds", fast.featureTexts(), paced.featureTexts());
        DrillTable.assertSame("predictions at two speeds", fast.predictionTexts(), paced.predictionTexts());
        DrillTable.assertSame("errors at two speeds", fast.errorTexts(), paced.errorTexts());
        int rows = assertSameInTraining(fast) + assertSameInTraining(live);
        long byModel = live.predictions().stream()
                .filter(prediction -> prediction.status() == Status.LIVE)
                .count();
        assertTrue(byModel > predictions * 0.8, byModel + " of " + predictions + " were made by the model");

        DrillTable.row(
                "one code path: live, replayed at speed 0 and %.0f, training set".formatted(speed),
                "features and predictions equal bit for bit",
                "0 differences in %d candles, %d vectors, %d predictions (%d by the model), %d errors, %d training rows",
                candles,
                features,
                predictions,
                byModel,
                errors,
                rows);
    }

    // --- the paths

    private Kept playLive() throws Exception {
        Path data = folder.resolve("live");
        know(data, MarketSource.KRAKEN);
        new LiveMarket(recording, first, end).play(data);
        return kept(data, MarketSource.KRAKEN);
    }

    private Kept replay(String name, double speed) throws Exception {
        Path played = recording.write(folder.resolve(name + "-played"), first, end);
        Path data = folder.resolve(name);
        MarketSource source = MarketSource.replay(HistoryFiles.discover(played).fingerprint());
        know(data, source);
        TestNode.playToTheEnd(
                Map.of(
                        "tickcast.market.source",
                        "replay",
                        "tickcast.market.replay.directory",
                        played.toString(),
                        "tickcast.market.replay.speed",
                        speed,
                        "tickcast.data-directory",
                        data.toString()),
                60 + (speed == 0 ? 0 : (long) (Duration.between(first, end).toSeconds() / speed)));
        return kept(data, source);
    }

    /** What each path knows before it begins: the model, and candles since the recursions' start. */
    private void know(Path data, MarketSource source) throws Exception {
        PinnedModel.pin(model, data, source);
        Path known = recording.write(folder.resolve("known"), BEGINNING, first);
        try (Archive archive = EmbeddedArchive.open(data, source)) {
            new HistoryImport(HistoryFiles.discover(known), archive).run(List.of(), (symbol, candles, reached) -> {});
        }
    }

    private Kept kept(Path data, MarketSource source) {
        return Kept.read(data, source, recording.symbols()).between(DAY_BEFORE, end);
    }

    // --- the comparison

    private int assertSameButForFlow(Kept replayed, Kept live) {
        Set<String> unknownToFiles = new TreeSet<>();
        Map<String, String> wanted = new TreeMap<>();
        Map<String, String> seen = new TreeMap<>();
        Map<String, FeatureVector> byKey = new HashMap<>();
        live.features().forEach(vector -> byKey.put(vector.symbol() + " " + vector.asOf(), vector));
        for (FeatureVector vector : replayed.features()) {
            String key = vector.symbol() + " " + vector.asOf();
            FeatureVector other = byKey.remove(key);
            assertTrue(other != null, () -> "no live vector of " + key);
            wanted.put(key, text(vector, vector, unknownToFiles));
            seen.put(key, text(other, vector, unknownToFiles));
        }
        assertTrue(byKey.isEmpty(), () -> "only live: " + byKey.keySet());
        assertEquals(FLOW, unknownToFiles, "features that only the live market knows");
        return DrillTable.assertSame("features, replayed and live", wanted, seen);
    }

    /** The values, those left out that are unknown to {@code mask} and known here. */
    private static String text(FeatureVector vector, FeatureVector mask, Set<String> leftOut) {
        List<String> names = FeatureSchema.current().names();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            boolean unknown = Double.isNaN(mask.values()[i]) && !Double.isNaN(vector.values()[i]);
            if (unknown) {
                leftOut.add(names.get(i));
            }
            texts.add(names.get(i) + "=" + (unknown ? Double.NaN : vector.values()[i]));
        }
        return texts + " " + vector.lastPrice() + " " + vector.volatility() + " " + vector.missing();
    }

    /** Rows made anew of the candles that were kept hold the vectors that were served, and the model says the same of them. */
    private int assertSameInTraining(Kept kept) throws Exception {
        TrainingSet rows =
                new TrainingSetBuilder(HORIZON, ServedVectors.NONE).build(historyOf(kept), end, Progress.SILENT);
        Map<String, FeatureVector> served = new HashMap<>();
        kept.features().forEach(vector -> served.put(vector.symbol() + " " + vector.asOf(), vector));
        Map<String, Prediction> predicted = new HashMap<>();
        kept.predictions().forEach(p -> predicted.put(p.symbol() + " " + p.asOf(), p));
        int compared = 0;
        try (Forecaster forecaster = BoosterForecaster.load(model)) {
            for (int row = 0; row < rows.rows(); row++) {
                // At the first as-of the live market had not read the takers' sides back.
                if (!rows.asOf(row).isAfter(first.plus(Candle.INTERVAL))) {
                    continue;
                }
                String key = rows.symbol(row) + " " + rows.asOf(row);
                FeatureVector made = vector(rows, row);
                assertEquals(asFloats(served.get(key).values()), asFloats(made.values()), "features of " + key);
                assertSameFigures(forecaster.score(List.of(made)).get(0), made, predicted.get(key));
                compared++;
            }
        }
        assertTrue(compared > 0, "no training row lies in the time that was played");
        return compared;
    }

    private static MarketHistory historyOf(Kept kept) {
        Map<Symbol, List<Candle>> candles = new HashMap<>();
        kept.candles()
                .forEach(candle -> candles.computeIfAbsent(candle.symbol(), symbol -> new ArrayList<>())
                        .add(candle));
        return MarketHistory.of(candles, List.of());
    }

    private static FeatureVector vector(TrainingSet rows, int row) {
        double[] values = new double[rows.features().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.value(row, i);
        }
        return new FeatureVector(
                rows.symbol(row),
                rows.asOf(row),
                rows.asOf(row),
                rows.schemaHash(),
                values,
                rows.lastPrice(row),
                rows.volatility(row),
                "");
    }

    /** A training set keeps one float per value, as the model takes it. */
    private static List<Float> asFloats(double[] values) {
        return Arrays.stream(values).mapToObj(value -> (float) value).toList();
    }

    /** With the calibrator's state of then, the same figures come out. */
    private static void assertSameFigures(Forecaster.Forecast forecast, FeatureVector vector, Prediction prediction) {
        if (prediction.status() == Status.LIVE) {
            Prediction again = new PredictionComposer(prediction.source(), HORIZON, List.of(0.8, 0.95))
                    .compose(
                            vector,
                            new Eligibility(true, false, 1440, true),
                            new Opinion.Given(prediction.modelVersion(), forecast, false, false),
                            prediction.calibration(),
                            prediction.madeAt());
            assertEquals(prediction.predictedPrice(), again.predictedPrice(), "price at " + prediction.id());
            assertEquals(prediction.probabilityUp(), again.probabilityUp(), "chance at " + prediction.id());
            assertEquals(prediction.intervals(), again.intervals(), "intervals at " + prediction.id());
        }
    }
}
