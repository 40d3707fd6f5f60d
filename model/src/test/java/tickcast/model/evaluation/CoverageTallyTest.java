package tickcast.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tickcast.model.evaluation.Performance.IntervalPerformance;

class CoverageTallyTest {

    private static final int HORIZON = 5;

    private static ErrorSums.Band outcome(boolean inside) {
        return new ErrorSums.Band(0.8, 1, inside ? 1 : 0, 3);
    }

    /** Sums of five steps, as overlapping horizons are; inside when smaller than what four fifths are smaller than. */
    private static IntervalPerformance walk(int minutes, int blockMinutes, long seed) {
        CoverageTally tally = new CoverageTally(blockMinutes, HORIZON);
        SplittableRandom random = new SplittableRandom(seed);
        double[] steps = random.doubles(minutes + HORIZON, -1, 1).toArray();
        for (int minute = 0; minute < minutes; minute++) {
            double sum = 0;
            for (int i = 0; i < HORIZON; i++) {
                sum += steps[minute + i];
            }
            tally.add(minute, outcome(Math.abs(sum) < 1.6606));
        }
        return tally.performance(0.8);
    }

    private static double shareThatEnclose(int minutes, int blockMinutes) {
        int enclosing = 0;
        for (int seed = 0; seed < 300; seed++) {
            IntervalPerformance held = walk(minutes, blockMinutes, seed);
            enclosing += held.coverageLow() <= 0.8 && held.coverageHigh() >= 0.8 ? 1 : 0;
        }
        return enclosing / 300.0;
    }

    @Test
    void shouldEncloseTheTruthAsOftenAsItSays() {
        double hour = shareThatEnclose(60, 10);
        double day = shareThatEnclose(1440, 60);

        assertTrue(hour > 0.93, "of hours " + hour);
        assertTrue(day > 0.9, "of days " + day);
    }

    @Test
    void shouldNotBeSureBecauseNothingMissedYet() {
        CoverageTally tally = new CoverageTally(10, HORIZON);
        for (int minute = 0; minute < 60; minute++) {
            tally.add(minute, outcome(true));
        }
        IntervalPerformance held = tally.performance(0.95);

        assertEquals(1, held.actualCoverage());
        assertEquals(1, held.coverageHigh());
        assertTrue(held.coverageLow() < 0.8, "twelve outcomes at most: " + held.coverageLow());
    }

    @Test
    void shouldSayNothingOfALittle() {
        CoverageTally tally = new CoverageTally(60, HORIZON);
        tally.add(0, outcome(true));
        IntervalPerformance held = tally.performance(0.8);

        assertTrue(Double.isNaN(held.coverageLow()) && Double.isNaN(held.coverageHigh()));
        assertEquals(3, held.meanWidth());
    }

    @Test
    void shouldKnowStudentsDistribution() {
        assertEquals(2.776, BlockBootstrap.student(4), 0.06);
        assertEquals(2.571, BlockBootstrap.student(5), 0.03);
        assertEquals(2.228, BlockBootstrap.student(10), 0.005);
        assertEquals(1.96, BlockBootstrap.student(100_000), 0.001);
    }
}
