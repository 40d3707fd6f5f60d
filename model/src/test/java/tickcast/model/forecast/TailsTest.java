package tickcast.model.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TailsTest {

    @Test
    void shouldGiveWhatWasMeasured() {
        for (int i = 0; i < Tails.USUAL.coverages().length; i++) {
            double coverage = Tails.USUAL.coverages()[i];
            assertEquals(Tails.USUAL.halfWidths()[i], Tails.USUAL.halfWidth(coverage), 1e-12, "at " + coverage);
        }
    }

    @Test
    void shouldRiseBetweenAndBeyondIt() {
        double before = 0;
        for (double coverage = 0.01; coverage < 0.9999; coverage += 0.005) {
            double halfWidth = Tails.USUAL.halfWidth(coverage);
            assertTrue(halfWidth > before, "at " + coverage);
            before = halfWidth;
        }
        assertTrue(before > 3.5, "beyond 99 %");
    }

    @Test
    void shouldRefuseWhatIsNoTail() {
        assertThrows(IllegalArgumentException.class, () -> new Tails(new double[] {0}, new double[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new Tails(new double[] {0, 0.8}, new double[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new Tails(new double[] {0, 1}, new double[] {0, 2}));
        assertThrows(IllegalArgumentException.class, () -> new Tails(new double[] {0, 0.8}, new double[] {0, 0}));
        assertThrows(
                IllegalArgumentException.class, () -> new Tails(new double[] {0, 0.8, 0.9}, new double[] {0, 2, 1}));
        assertThrows(
                IllegalArgumentException.class, () -> new Tails(new double[] {0, 0.8}, new double[] {0, Double.NaN}));
    }
}
