package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.registry.TrainedModel;

class HyperparameterSearchTest {

    private static final Instant NOW = Instant.parse("2024-03-20T00:00:00Z");
    private static final ToDoubleFunction<double[]> SIGNAL = values -> 0.3 * values[0];
    private static final TrainingSettings RECIPE =
            TrainingSettings.defaults(SyntheticRows.HORIZON).withThreads(1);
    private static final SearchSettings SEARCH = new SearchSettings(2, 5, Duration.ZERO);

    private static TrainedModel searched;

    @BeforeAll
    static void searchOnce() {
        searched = train(RECIPE, SEARCH, SyntheticRows.rows(14, 1, SIGNAL));
    }

    private static TrainedModel train(TrainingSettings recipe, SearchSettings search, TrainingSet rows) {
        return new ModelTrainer(recipe, search, () -> 0).train(rows, "simulated", NOW, Progress.SILENT);
    }

    private static Map<String, String> record(TrainedModel model) {
        return model.card().parameters();
    }

    @Test
    void shouldPurgeBetweenTheRowsOfAFoldAndStayWithinTheRange() {
        TrainingSet range = SyntheticRows.rows(14, 5, SIGNAL);
        Instant judged = Instant.MIN;
        for (int purge : new int[] {5, 60}) {
            List<InnerFold> folds = InnerFold.of(range, purge);
            assertEquals(3, folds.size());
            for (InnerFold fold : folds) {
                Instant lastFitted = fold.fit().asOf(fold.fit().rows() - 1);
                assertTrue(
                        lastFitted
                                .plus(Duration.ofMinutes(purge))
                                .isBefore(fold.judge().asOf(0)),
                        "no label of the fitted rows reaches into the judged ones");
                assertEquals(range.asOf(0), fold.fit().asOf(0), "what is older is learned from");
                judged = fold.judge().asOf(fold.judge().rows() - 1);
            }
            assertEquals(range.asOf(range.rows() - 1), judged);
            assertEquals(folds.get(0).judge().rows(), folds.get(2).judge().rows(), 2);
        }
    }

    @Test
    void shouldFindTheSameModelForTheSameSeedAndRecordWhatItTried() {
        TrainedModel again = train(RECIPE, SEARCH, SyntheticRows.rows(14, 1, SIGNAL));

        assertEquals(searched.card(), again.card());
        assertEquals("2 trials beside the recipe, seed 5", record(searched).get("search"));
        assertTrue(record(searched).get("searchTrial 000").startsWith("the recipe, MAE/naive 0."));
        assertTrue(record(searched).get("searchTrial 002").contains("rounds, eta"));
        assertTrue(record(searched).get("searchFold 2").startsWith("fitted on "));
        assertTrue(record(searched).containsKey("searchTaken"));
    }

    @Test
    void shouldDrawDistinctCandidatesBySeed() {
        List<Candidate> drawn = Candidate.draw(RECIPE, 40, 1);

        assertEquals(41, new HashSet<>(drawn).size());
        assertEquals(Candidate.of(RECIPE), drawn.get(0));
        assertEquals(drawn, Candidate.draw(RECIPE, 40, 1));
        assertEquals(drawn.subList(0, 11), Candidate.draw(RECIPE, 10, 1), "more trials try the same ones first");
        assertNotEquals(drawn, Candidate.draw(RECIPE, 40, 2));
        assertEquals(RECIPE, drawn.get(0).applyTo(RECIPE));
    }

    @Test
    void shouldNotSeeTheRowsThatTheModelIsTestedOn() {
        TrainingSet set = SyntheticRows.rows(14, 1, SIGNAL);
        Instant testFrom = Instant.parse(record(searched).get("testFrom"));
        TrainedModel other = train(RECIPE, SEARCH, SyntheticRows.rows(14, 1, SIGNAL, testFrom));

        assertNotEquals(searched.card().digest(), other.card().digest(), "the rows of the test are others");
        record(searched).forEach((name, value) -> {
            if (name.startsWith("search")) {
                assertEquals(value, record(other).get(name), name);
            }
        });
        assertTrue(set.rowAt(testFrom) > 0);
    }

    @Test
    void shouldTakeTheRecipesPlaceOnlyWhenBetterInEveryFold() {
        TrainingSettings timid =
                RECIPE.with(new BoosterSettings(2, 0.001, 1, 4000, 0.5, 0.5, 50, 64), RECIPE.ridgeShare(), 0.05);

        TrainedModel better = train(timid, SEARCH, SyntheticRows.rows(14, 1, SIGNAL));
        TrainedModel noise = train(RECIPE, SEARCH, SyntheticRows.rows(14, 2, values -> 0));

        assertTrue(
                record(better).get("searchTaken").startsWith("trial "),
                () -> record(better).toString());
        assertNotEquals("0.05", record(better).get("shrink"));
        assertNotEquals("2", record(better).get("rounds"));
        assertFalse(noise.card().mayPromote(), "no search finds skill where there is none");
    }

    @Test
    void shouldBeginNothingWhenTheBudgetIsSpent() {
        AtomicLong clock = new AtomicLong();
        TrainedModel model = new ModelTrainer(
                        RECIPE,
                        new SearchSettings(9, 5, Duration.ofMinutes(1)),
                        () -> clock.getAndAdd(Duration.ofSeconds(40).toNanos()))
                .train(SyntheticRows.rows(14, 1, SIGNAL), "simulated", NOW, Progress.SILENT);

        assertEquals(
                "1 trials beside the recipe, seed 5; the budget of PT1M ended it before 9",
                record(model).get("search"));
        assertFalse(record(model).containsKey("searchTrial 002"));
        assertThrows(IllegalArgumentException.class, () -> new SearchSettings(-1, 0, Duration.ZERO));
    }

    @Test
    void shouldBeARecipeOfItsOwnWhateverItFinds() {
        TrainingSet rows = SyntheticRows.rows(14, 1, SIGNAL);
        TrainedModel plain = train(RECIPE, SearchSettings.OFF, rows);

        assertEquals(
                Lineage.of(RECIPE, SearchSettings.OFF).get("recipe"),
                record(plain).get("recipe"));
        assertNotEquals(record(plain).get("recipe"), record(searched).get("recipe"));
        assertTrue(record(plain).keySet().stream().noneMatch(name -> name.startsWith("search")));
    }
}
