package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster.Forecast;
import tickcast.model.market.Symbol;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.TrainedModel;

class ModelTrainerTest {

    private static final Instant NOW = Instant.parse("2024-03-20T00:00:00Z");
    private static final ToDoubleFunction<double[]> SIGNAL = values -> 0.3 * values[0];
    private static final TrainingSettings SETTINGS = TrainingSettings.defaults(SyntheticRows.HORIZON);

    private static TrainedModel model;

    @BeforeAll
    static void trainOnce() {
        model = train(SyntheticRows.rows(16, 1, SIGNAL));
    }

    private static TrainedModel train(TrainingSet set) {
        return new ModelTrainer(SETTINGS).train(set, "simulated", NOW, Progress.SILENT);
    }

    private static TrainingSettings purging(int minutes) {
        return new TrainingSettings(
                SETTINGS.horizonMinutes(),
                SETTINGS.minimumHistory(),
                SETTINGS.testShare(),
                minutes,
                SETTINGS.members(),
                SETTINGS.booster(),
                SETTINGS.scaleBooster(),
                SETTINGS.ridgeShare(),
                SETTINGS.scaleRidgeShare(),
                SETTINGS.shrink(),
                SETTINGS.leastPresence(),
                SETTINGS.seed(),
                SETTINGS.threads());
    }

    @Test
    void shouldLearnAPlantedWeakSignal() {

        assertTrue(model.card().mayPromote(), () -> "metrics " + model.card().metrics());
        assertTrue(model.card().metrics().get("skillLow") > 0);
        assertTrue(model.card().metrics().get("directionAccuracy") > 0.54);
        assertEquals(List.of("a", "b", "c", "d"), model.card().features());
        assertEquals(16 * 288 * 2, model.card().rows());
    }

    @Test
    void shouldShowNoSkillOnPureNoise() {
        TrainedModel noise = train(SyntheticRows.rows(16, 2, values -> 0));

        assertFalse(noise.card().mayPromote(), () -> "metrics " + noise.card().metrics());
        assertTrue(noise.card().metrics().get("skill") < 0.002);
    }

    @Test
    void shouldShowNoSkillWhenLabelsAreShiftedByThreeDays() {
        TrainingSet set = SyntheticRows.rows(16, 1, SIGNAL);
        double[] labels = set.labels();
        double[] shifted = new double[labels.length];
        int threeDays = 3 * 288 * 2;
        for (int i = 0; i < labels.length; i++) {
            shifted[i] = labels[(i + threeDays) % labels.length];
        }

        TrainedModel control = train(set.withLabels(shifted));

        assertFalse(
                control.card().mayPromote(), () -> "metrics " + control.card().metrics());
    }

    @Test
    void shouldGiveTheSameBytesForTheSameRows() {
        TrainedModel one = train(SyntheticRows.rows(14, 3, SIGNAL));
        TrainedModel other = train(SyntheticRows.rows(14, 3, SIGNAL));

        assertEquals(one.card(), other.card());
        assertEquals(one.files().keySet(), other.files().keySet());
        one.files()
                .forEach((name, bytes) -> assertArrayEquals(bytes, other.files().get(name), name));
        assertNotEquals(
                one.card().digest(),
                train(SyntheticRows.rows(14, 4, SIGNAL)).card().digest());
    }

    @Test
    void shouldLeaveAPurgeBetweenTrainingAndTest() {
        TrainingSet set = SyntheticRows.rows(14, 5, SIGNAL);
        for (int purge : new int[] {5, 60, 1440}) {
            ModelTrainer.Split split = new ModelTrainer(purging(purge)).split(set);
            Instant lastTrained = split.train().asOf(split.train().rows() - 1);
            Instant firstTested = split.test().asOf(0);

            assertTrue(lastTrained.plus(Duration.ofMinutes(purge)).isBefore(firstTested));
            assertTrue(lastTrained.plus(Duration.ofMinutes(purge + 10)).isAfter(firstTested));
        }
        assertThrows(IllegalArgumentException.class, () -> purging(4));
    }

    @Test
    void shouldLearnNothingFromWhatComesLater() {
        Instant now = SyntheticRows.START.plus(Duration.ofDays(14));
        TrainingSet honest = SyntheticRows.rows(16, 6, SIGNAL).knownAt(now);
        TrainingSet poisoned = SyntheticRows.rows(16, 6, SIGNAL, now.minus(Duration.ofMinutes(4)))
                .knownAt(now);

        assertEquals(now.minus(Duration.ofMinutes(5)), honest.asOf(honest.rows() - 1));
        assertEquals(train(honest).card().digest(), train(poisoned).card().digest());
    }

    @Test
    void shouldRefuseTooLittleHistoryAndSayWhatIsNeeded() {
        NotEnoughHistory refused = assertThrows(NotEnoughHistory.class, () -> train(SyntheticRows.rows(13, 7, SIGNAL)));

        assertTrue(refused.getMessage().contains("13.0 days of history are there"), refused.getMessage());
        assertTrue(refused.getMessage().contains("14.0 are needed"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> SETTINGS.withMinimumHistory(Duration.ofDays(12)));
    }

    @Test
    void shouldRefuseHistoryWithTooFewCompleteRows() {
        TrainingSet set = SyntheticRows.rows(1, 7, SIGNAL);
        TrainingSet.Builder few = TrainingSet.builder(
                "test-v1", "feed", SyntheticRows.FEATURES, SyntheticRows.HORIZON, SyntheticRows.SYMBOLS);
        TrainingSet sparse = few.build(set.historyFrom(), set.historyFrom().plus(Duration.ofDays(20)));

        assertThrows(NotEnoughHistory.class, () -> train(sparse));
    }

    @Test
    void shouldScoreWithTheTrainedModel() throws IOException {
        try (BoosterForecaster forecaster = BoosterForecaster.load(model)) {
            List<FeatureVector> vectors = vectors(40);
            List<Forecast> batch = forecaster.score(vectors);

            for (int i = 0; i < vectors.size(); i++) {
                assertEquals(
                        batch.get(i), forecaster.score(List.of(vectors.get(i))).get(0), "alone as in a batch");
                double signal = vectors.get(i).values()[0];
                if (Math.abs(signal) > 1) {
                    assertEquals(Math.signum(signal), Math.signum(batch.get(i).expectedLogReturn()));
                    assertEquals(signal > 0, batch.get(i).probabilityUp() > 0.5);
                }
                assertFalse(batch.get(i).outOfRange());
            }
            assertEquals(List.of(), forecaster.score(List.of()));
        }
    }

    @Test
    void shouldSayWhenFeaturesLieFarOutside() throws IOException {
        try (BoosterForecaster forecaster = BoosterForecaster.load(model)) {
            FeatureVector far = withValues(vectors(1).get(0), new double[] {0, 0, 100, 0, 0});
            FeatureVector unknown =
                    withValues(vectors(1).get(0), new double[] {Double.NaN, Double.NaN, Double.NaN, 0, 0});

            assertTrue(forecaster.score(List.of(far)).get(0).outOfRange());
            assertTrue(forecaster.score(List.of(unknown)).get(0).outOfRange());
        }
    }

    @Test
    void shouldForetellHowFarPricesTravel() throws IOException {
        TrainingSet calm = SyntheticRows.rows(16, 9, values -> 0);
        double[] labels = calm.labels();
        for (int i = 0; i < labels.length; i++) {
            labels[i] *= calm.value(i, 1) > 0 ? 2 : 1;
        }
        TrainedModel wild = train(calm.withLabels(labels));
        SplittableRandom random = new SplittableRandom(99);
        try (BoosterForecaster forecaster = BoosterForecaster.load(wild)) {
            double inside = 0;
            for (int i = 0; i < 4000; i++) {
                FeatureVector vector = SyntheticRows.vector(SyntheticRows.SYMBOLS.get(i % 2), NOW, random);
                double move = (vector.values()[1] > 0 ? 2 : 1) * SyntheticRows.fatTailed(random);
                Forecast forecast = forecaster.score(List.of(vector)).get(0);
                inside += Math.abs(move) < forecast.scale() * forecast.tails().halfWidth(0.8) ? 1 : 0;
            }
            assertEquals(0.8, inside / 4000, 0.03);
            FeatureVector quiet = withValues(vectors(1).get(0), new double[] {0, -1, 0, 0, 0});
            FeatureVector busy = withValues(vectors(1).get(0), new double[] {0, 1, 0, 0, 0});
            double ratio = forecaster.score(List.of(busy)).get(0).scale()
                    / forecaster.score(List.of(quiet)).get(0).scale();
            assertEquals(2, ratio, 0.4, "SOL/USD was not in the training set: what is pooled counts");
        }
    }

    @Test
    void shouldRefuseVectorsOfAnotherSchemaNamingBoth() throws IOException {
        FeatureVector own = vectors(1).get(0);
        FeatureVector foreign = new FeatureVector(
                own.symbol(), own.asOf(), own.knownAt(), "cafe", own.values(), 100, own.volatility(), "");
        try (BoosterForecaster forecaster = BoosterForecaster.load(model)) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> forecaster.score(List.of(foreign)));
            assertTrue(refused.getMessage().contains("cafe")
                    && refused.getMessage().contains("feed"));
        }
    }

    @Test
    void shouldRefuseToScoreWhenClosed() throws IOException {
        BoosterForecaster forecaster = BoosterForecaster.load(model);
        forecaster.close();
        forecaster.close();

        assertThrows(IllegalStateException.class, () -> forecaster.score(vectors(1)));
    }

    @Test
    void shouldTrainASingleRidgeMember() throws IOException {
        TrainingSettings ridge = SETTINGS.withMembers(List.of(Member.RIDGE));
        TrainedModel linear =
                new ModelTrainer(ridge).train(SyntheticRows.rows(16, 8, SIGNAL), "simulated", NOW, Progress.SILENT);
        EnsembleSpec spec = EnsembleSpec.read(linear.files().get(EnsembleSpec.FILE));

        assertEquals(List.of(EnsembleSpec.FILE), List.copyOf(linear.files().keySet()));
        assertEquals(0.3, spec.ridge().weights()[0], 0.05, "least squares finds the planted weight");
        assertEquals(0, spec.ridge().weights()[1], 0.05);
    }

    private static List<FeatureVector> vectors(int count) {
        SplittableRandom random = new SplittableRandom(99);
        List<FeatureVector> vectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            vectors.add(SyntheticRows.vector(Symbol.parse("SOL/USD"), NOW.plusSeconds(60L * i), random));
        }
        return vectors;
    }

    private static FeatureVector withValues(FeatureVector vector, double[] values) {
        return new FeatureVector(
                vector.symbol(),
                vector.asOf(),
                vector.knownAt(),
                vector.schemaHash(),
                values,
                vector.lastPrice(),
                vector.volatility(),
                "");
    }
}
