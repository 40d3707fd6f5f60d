package tickcast.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DieboldMarianoTest {

    @Test
    void shouldKnowTheNormalDistribution() {
        assertEquals(0.05, DieboldMariano.complementaryError(1.959963985 / Math.sqrt(2)), 1e-7);
        assertEquals(0.001, DieboldMariano.complementaryError(3.290526731 / Math.sqrt(2)), 1e-8);
        assertEquals(1, DieboldMariano.complementaryError(0), 1e-7);
    }

    @Test
    void shouldTellABetterForecastFromAnEqualOne() {
        SplittableRandom random = new SplittableRandom(1);
        DieboldMariano better = new DieboldMariano(5);
        DieboldMariano equal = new DieboldMariano(5);
        for (int minute = 0; minute < 2000; minute++) {
            double noise = random.nextDouble() - 0.5;
            better.add(minute, 1, 1.05 + noise);
            equal.add(minute, 1, 1 + noise);
        }

        assertTrue(better.statistic() > 3);
        assertTrue(better.pValue() < 0.001);
        assertTrue(equal.pValue() > 0.05);
        assertTrue(Double.isNaN(new DieboldMariano(5).pValue()));
    }

    @Test
    void shouldCorrectForOverlap() {
        SplittableRandom random = new SplittableRandom(2);
        DieboldMariano corrected = new DieboldMariano(5);
        DieboldMariano naive = new DieboldMariano(0);
        double[] shocks = random.doubles(2005, -1, 1).toArray();
        for (int minute = 0; minute < 2000; minute++) {
            double overlapping = 0.1;
            for (int lag = 0; lag < 5; lag++) {
                overlapping += shocks[minute + lag];
            }
            corrected.add(minute, 1, 1 + overlapping);
            naive.add(minute, 1, 1 + overlapping);
        }

        assertTrue(Math.abs(corrected.statistic()) < 0.6 * Math.abs(naive.statistic()));
    }
}
