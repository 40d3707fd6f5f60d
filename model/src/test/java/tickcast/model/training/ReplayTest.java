package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.evaluation.Duel;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.TrainedModel;

class ReplayTest {

    private static final Instant CUT = SyntheticRows.START.plus(Duration.ofDays(15));
    private static final TrainingSet ROWS = SyntheticRows.rows(18, 1, values -> 0.3 * values[1]);
    private static TrainedModel model;

    @BeforeAll
    static void trainOnTheEarlierRows() {
        model = new ModelTrainer(TrainingSettings.defaults(SyntheticRows.HORIZON))
                .train(ROWS.knownAt(CUT), "simulated", CUT, Progress.SILENT);
    }

    /** Says what it is told. */
    private record Told(Function<FeatureVector, Forecast> forecast) implements Forecaster {

        @Override
        public ModelCard card() {
            return model.card();
        }

        @Override
        public List<Forecast> score(List<FeatureVector> vectors) {
            return vectors.stream().map(forecast).toList();
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldFindTheBetterOfTwoOnRowsThatNeitherWasTrainedOn() throws IOException {
        try (Forecaster trained = BoosterForecaster.load(model)) {
            Forecaster naive = new Told(vector -> new Forecaster.Forecast(0, 0.5, false));

            Duel duel = Replay.of(ROWS, CUT, trained, naive);

            assertEquals(3 * 288 * 2, duel.rows());
            assertTrue(duel.isCrediblyBetter(500), duel.toString());
            assertTrue(Replay.of(ROWS, CUT, naive, trained).isCrediblyWorse(500));
            assertEquals(0, Replay.of(ROWS, CUT, trained, trained).gain());
        }
    }

    @Test
    void shouldTakeAModelOutOfItsRangeForNaive() {
        Forecaster wild = new Told(vector -> new Forecaster.Forecast(1, 0.9, true));
        Forecaster naive = new Told(vector -> new Forecaster.Forecast(0, 0.5, false));

        assertEquals(0, Replay.of(ROWS, CUT, wild, naive).gain());
    }

    @Test
    void shouldSayWhereAModelComesFrom() {
        Map<String, String> parameters = model.card().parameters();

        for (String name : List.of("seed", "dataDigest", "xgboost", "java", "platform", "codeVersion", "recipe")) {
            assertFalse(parameters.getOrDefault(name, "").isBlank(), name);
        }
        assertFalse(parameters.get("codeRevision").contains("${"));
        assertEquals(
                parameters.get("recipe"),
                Lineage.of(TrainingSettings.defaults(SyntheticRows.HORIZON), SearchSettings.OFF)
                        .get("recipe"));
        assertFalse(parameters
                .get("recipe")
                .equals(Lineage.of(
                                TrainingSettings.defaults(SyntheticRows.HORIZON).withMembers(List.of(Member.RIDGE)),
                                SearchSettings.OFF)
                        .get("recipe")));
    }

    @Test
    void shouldKeepBoostersAsJsonToo() {
        assertTrue(new String(model.files().get("huber.json"), StandardCharsets.UTF_8).startsWith("{\"learner\":"));
        assertTrue(model.files().containsKey("huber.ubj"));
    }
}
