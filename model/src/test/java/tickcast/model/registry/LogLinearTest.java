package tickcast.model.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.registry.EnsembleSpec.Ridge;

class LogLinearTest {

    private static final List<String> FEATURES = List.of("other", "realized5", "volatilityTrend", "hourSin", "hourCos");

    @Test
    void shouldTakeWhatTellsHowWildItIs() {
        LogLinear shape = LogLinear.of(FEATURES);
        double angle = 2 * Math.PI * 7 / 24;
        float[] row = {9, -0.4f, 0.3f, (float) Math.sin(angle), (float) Math.cos(angle)};
        float[] inputs = new float[1 + shape.width()];
        shape.derive(row, 0, inputs, 1);

        assertEquals(14, shape.width());
        assertEquals(Math.log(0.5), inputs[1], 1e-6);
        assertEquals(0.3f, inputs[2]);
        for (int k = 1; k <= 6; k++) {
            assertEquals(Math.sin(k * angle), inputs[1 + 2 * k], 1e-6, "sine of overtone " + k);
            assertEquals(Math.cos(k * angle), inputs[2 + 2 * k], 1e-6, "cosine of overtone " + k);
        }
    }

    @Test
    void shouldCountWhatIsMissingAsAverage() {
        LogLinear shape = LogLinear.of(List.of("realized5", "range1"));
        LogLinear model = shape.withRidge(new Ridge(new double[2], new double[] {1, 1}, new double[] {1, 2}, 0.25));

        assertEquals(0.25, model.apply(new float[] {Float.NaN, Float.NaN}, 0));
        assertEquals(0.25 + 2 * Math.log(1.1), model.apply(new float[] {7, Float.NaN, 1}, 1), 1e-6);
    }

    @Test
    void shouldKnowItsInputsInThePresentSchema() {
        LogLinear shape = LogLinear.of(FeatureSchema.current().names());

        assertEquals(19 + 12, shape.width());
        assertTrue(shape.hourSin() >= 0);
    }

    @Test
    void shouldRefuseWeightsForOtherInputs() {
        LogLinear shape = LogLinear.of(FEATURES);

        assertThrows(
                IllegalArgumentException.class,
                () -> shape.withRidge(new Ridge(new double[3], new double[3], new double[3], 0)));
        assertEquals(0, LogLinear.of(List.of("a", "hourCos", "hourSin")).width());
    }
}
