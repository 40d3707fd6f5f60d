package tickcast.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DuelTest {

    private static Duel duel(int minutes, double advantage) {
        Random random = new Random(7);
        Duel.Tally tally = new Duel.Tally(5);
        for (int i = 0; i < minutes; i++) {
            double rival = Math.abs(random.nextGaussian());
            tally.add(i, Math.max(0, rival - advantage + 0.05 * random.nextGaussian()), rival);
        }
        return tally.duel();
    }

    @Test
    void shouldTellWhoErredLess() {
        Duel better = duel(1440, 0.02);

        assertEquals(1440, better.rows());
        assertTrue(better.isBetter(500));
        assertTrue(better.isCrediblyBetter(500));
        assertFalse(better.isCrediblyWorse(500));
        assertTrue(duel(1440, -0.02).isCrediblyWorse(500));
    }

    @Test
    void shouldAskForEnoughRows() {
        Duel few = duel(100, 0.02);

        assertFalse(few.isBetter(500));
        assertFalse(few.isCrediblyBetter(500));
        assertFalse(duel(100, -0.02).isCrediblyWorse(500));
    }

    @Test
    void shouldCallEqualsNeitherBetterNorWorse() {
        Duel.Tally tally = new Duel.Tally(5);
        for (int i = 0; i < 2000; i++) {
            tally.add(i, 1, 1);
        }
        Duel even = tally.duel();

        assertEquals(0, even.gain());
        assertFalse(even.isBetter(500) || even.isCrediblyBetter(500) || even.isCrediblyWorse(500));
    }

    @Test
    void shouldCompareTwoVersionsOnWhatBothPredicted() {
        List<PredictionError> errors = new ArrayList<>();
        for (int minute = 0; minute < 600; minute++) {
            errors.add(ScoreboardTest.matured(ScoreboardTest.BTC, minute, "7", 100, 100.5, 101));
            errors.add(ScoreboardTest.matured(ScoreboardTest.XRP, minute, "7", 1, 1.01, 1.02));
            errors.add(ScoreboardTest.matured(ScoreboardTest.XRP, minute, "8", 1, 1.015, 1.02));
        }
        errors.add(ScoreboardTest.unscored(ScoreboardTest.BTC, 5));

        Duel duel = Duel.of(errors, "8", "7");

        assertEquals(600, duel.rows(), "both spoke of XRP only");
        assertEquals(0.5, duel.gain(), 1e-9);
        assertEquals(0.005 / (0.001 * Math.sqrt(5)), duel.mae(), 1e-9);
        assertEquals(Duel.NONE, Duel.of(errors, "9", "7"));
    }

    @Test
    void shouldBeNothingWithoutRows() {
        assertEquals(Duel.NONE, new Duel.Tally(5).duel());
        assertFalse(Duel.NONE.isBetter(0));
    }
}
