package tickcast.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ErrorTotalsTest {

    private static final Instant FIRST = ScoreboardTest.matured(ScoreboardTest.BTC, 0, "7", 1, 1, 1)
            .prediction()
            .targetTime();

    /** Errors of two symbols and versions; some minutes are missing, some outcomes unknown. */
    private static List<PredictionError> errors(int minutes) {
        SplittableRandom random = new SplittableRandom(5);
        List<PredictionError> errors = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            if (random.nextInt(20) == 0) {
                errors.add(ScoreboardTest.unscored(ScoreboardTest.BTC, minute));
            }
            for (String version : List.of("7", "8")) {
                double move = random.nextDouble() - 0.5;
                errors.add(
                        ScoreboardTest.matured(ScoreboardTest.BTC, minute, version, 100, 100 + move, 100 + 3 * move));
                if (random.nextInt(3) > 0) {
                    errors.add(ScoreboardTest.matured(
                            ScoreboardTest.XRP, minute, version, 0.5, 0.5 - 0.001 * move, 0.5 + 0.002 * move));
                }
            }
        }
        return errors;
    }

    @Test
    void shouldTellTheSameScoresAsTheErrorsOneByOne() {
        for (int minutes : new int[] {3, 70, 1300, 5000}) {
            List<PredictionError> errors = errors(minutes);
            List<ErrorSums> each =
                    errors.stream().map(ErrorSums::inExpectedMoves).toList();
            ErrorTotals totals = ErrorTotals.of(errors.subList(0, errors.size() / 3))
                    .plus(ErrorTotals.of(errors.subList(errors.size() / 3, errors.size())));
            Instant from = FIRST.plusSeconds(60);
            Instant to = FIRST.plusSeconds(60L * minutes - 17);

            Scoreboard expected = Scoreboard.ofSums(each, from, to);
            Scoreboard actual = Scoreboard.ofSums(totals.sums(), from, to);

            assertSame(expected.overall(), actual.overall());
            assertEquals(expected.byModel().size(), actual.byModel().size());
            for (int i = 0; i < expected.byModel().size(); i++) {
                assertSame(expected.byModel().get(i), actual.byModel().get(i));
            }
            Map<Integer, Performance> hours = Scoreboard.byHourOfSums(totals.sums());
            Scoreboard.byHourOfSums(each).forEach((hour, performance) -> assertSame(performance, hours.get(hour)));
        }
    }

    @Test
    void shouldKnowTheNewestOfEachSymbol() {
        ErrorTotals totals = ErrorTotals.of(List.of(
                        ScoreboardTest.matured(ScoreboardTest.BTC, 7, "7", 1, 1, 1),
                        ScoreboardTest.matured(ScoreboardTest.BTC, 2, "7", 1, 1, 1)))
                .plus(ErrorTotals.of(List.of(ScoreboardTest.matured(ScoreboardTest.XRP, 3, "7", 1, 1, 1))));

        Map<?, Instant> expected =
                Map.of(ScoreboardTest.BTC, FIRST.plusSeconds(7 * 60), ScoreboardTest.XRP, FIRST.plusSeconds(3 * 60));
        assertEquals(expected, totals.newest());
        assertEquals(expected, totals.newestPublished());
    }

    private static void assertSame(Performance expected, Performance actual) {
        assertEquals(expected.modelVersion(), actual.modelVersion());
        assertEquals(expected.count(), actual.count());
        assertEquals(expected.unscored(), actual.unscored());
        assertEquals(expected.mae(), actual.mae(), 1e-9);
        assertEquals(expected.naiveMae(), actual.naiveMae(), 1e-9);
        assertEquals(expected.skill(), actual.skill(), 1e-9);
        assertEquals(expected.skillLow(), actual.skillLow(), 1e-9);
        assertEquals(expected.skillHigh(), actual.skillHigh(), 1e-9);
        assertEquals(expected.directionAccuracy(), actual.directionAccuracy());
        assertEquals(expected.directionCount(), actual.directionCount());
        assertEquals(expected.intervals().size(), actual.intervals().size());
        for (int i = 0; i < expected.intervals().size(); i++) {
            Performance.IntervalPerformance a = expected.intervals().get(i);
            Performance.IntervalPerformance b = actual.intervals().get(i);
            assertEquals(a.coverage(), b.coverage());
            assertEquals(a.actualCoverage(), b.actualCoverage());
            assertEquals(a.coverageLow(), b.coverageLow(), 1e-9);
            assertEquals(a.coverageHigh(), b.coverageHigh(), 1e-9);
            assertEquals(a.meanWidth(), b.meanWidth(), 1e-9);
        }
    }
}
