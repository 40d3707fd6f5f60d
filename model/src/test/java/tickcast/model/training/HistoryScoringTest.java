package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;

/** A model that was trained once says over a history what the backtest lets it say. */
class HistoryScoringTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Duration LENGTH = Duration.ofDays(14);
    private static final MarketHistory HISTORY = MarketHistory.of(
            Map.of(BTC, RandomMarket.candles(BTC, LENGTH, 3), ETH, RandomMarket.candles(ETH, LENGTH, 4)), List.of());
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);
    private static final PredictionComposer COMPOSER = new PredictionComposer("replay", 5, COVERAGES);

    private static TrainingSettings ridge() {
        return BacktestSettings.defaults(5).training().withMembers(List.of(Member.RIDGE));
    }

    /** Trained at the instant at which the backtest below trains its only model. */
    private static Forecaster model(Instant trainedAt) throws IOException {
        TrainingSet rows = new TrainingSetBuilder(5, ServedVectors.NONE).build(HISTORY, trainedAt, Progress.SILENT);
        TrainedModel trained = new ModelTrainer(ridge()).train(rows, "replay", trainedAt, Progress.SILENT);
        return BoosterForecaster.load(
                new TrainedModel(trained.files(), trained.card().withVersion("1")));
    }

    @Test
    void shouldPredictWhatTheBacktestDoes() throws IOException {
        Instant trainedAt = HISTORY.from().plus(Duration.ofMinutes((long) (LENGTH.toMinutes() * 0.94)));
        List<Prediction> walked = new ArrayList<>();
        new Backtest(
                        new BacktestSettings(ridge(), COVERAGES, 0.94, Duration.ofDays(30), false, false),
                        "replay",
                        () -> 0)
                .run(HISTORY, Progress.SILENT, walked::add);
        List<Prediction> naive = new ArrayList<>();
        HistoryScoring.naive(COMPOSER).run(HISTORY, Progress.SILENT, naive::add);
        List<Prediction> scored = new ArrayList<>();
        try (Forecaster forecaster = model(trainedAt)) {
            HistoryScoring.with(COMPOSER, forecaster).run(HISTORY, Progress.SILENT, scored::add);
        }

        assertEquals(walked.size(), naive.size());
        assertEquals(walked.size(), scored.size());
        for (int i = 0; i < walked.size(); i++) {
            if (walked.get(i).asOf().isBefore(trainedAt)) {
                requireSame(walked.get(i), naive.get(i));
                assertArrayEquals(walked.get(i).calibration(), naive.get(i).calibration());
            } else {
                requireSamePoint(walked.get(i), scored.get(i));
            }
        }
    }

    @Test
    void shouldPredictWhatTheBacktestDoesWithThatModelPinned() throws IOException {
        Instant trainedAt = HISTORY.from().plus(Duration.ofDays(13).plusMinutes(1));
        List<Prediction> walked = new ArrayList<>();
        List<Prediction> scored = new ArrayList<>();
        BacktestReport report;
        try (Forecaster forecaster = model(trainedAt)) {
            report = new Backtest(BacktestSettings.defaults(5), "replay", () -> 0)
                    .run(HISTORY, forecaster, Progress.SILENT, walked::add);
            HistoryScoring.with(COMPOSER, forecaster).run(HISTORY, Progress.SILENT, scored::add);
            Instant unseen = forecaster.card().dataTo();
            assertEquals(unseen, report.periods().get(0).testedFrom(), "rows that it learned from don't count");
            assertThrows(
                    NotEnoughHistory.class,
                    () -> new Backtest(BacktestSettings.defaults(5), "replay", () -> 0)
                            .run(HISTORY.until(unseen), forecaster, Progress.SILENT, prediction -> {}));
        }

        assertEquals(walked.size(), scored.size());
        for (int i = 0; i < walked.size(); i++) {
            requireSame(walked.get(i), scored.get(i));
            assertArrayEquals(walked.get(i).calibration(), scored.get(i).calibration());
        }
        assertEquals(0, report.models());
        assertEquals("1", report.periods().get(0).pinned());
    }

    private static void requireSame(Prediction expected, Prediction actual) {
        requireSamePoint(expected, actual);
        assertEquals(expected.reason(), actual.reason());
        assertEquals(expected.probabilityUp(), actual.probabilityUp(), expected.id());
        assertEquals(expected.intervals(), actual.intervals(), expected.id());
    }

    /** Intervals and P(up) differ: they have learned from whoever spoke before. */
    private static void requireSamePoint(Prediction expected, Prediction actual) {
        assertEquals(expected.id(), actual.id());
        assertEquals(expected.status(), actual.status());
        assertEquals(expected.madeAt(), actual.madeAt());
        assertEquals(expected.predictedPrice(), actual.predictedPrice(), expected.id());
    }

    @Test
    void shouldRefuseAModelOfAnotherHorizon() throws IOException {
        PredictionComposer other = new PredictionComposer("replay", 10, COVERAGES);
        try (Forecaster forecaster = model(HISTORY.to())) {
            assertThrows(IllegalArgumentException.class, () -> HistoryScoring.with(other, forecaster));
        }
    }
}
