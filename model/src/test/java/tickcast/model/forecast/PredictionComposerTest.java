package tickcast.model.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;

class PredictionComposerTest {

    private static final Instant AS_OF = Instant.parse("2024-01-05T12:00:00Z");
    private static final Instant IN_TIME = AS_OF.plusMillis(500);
    private static final Instant TOO_LATE = AS_OF.plusMillis(30_001);
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);
    private static final double[] CALIBRATION = {1, 2, 0, 1.5, 2, 0, 1, 0};
    private static final Eligibility FINE = new Eligibility(true, false, 3000, true);
    private static final FeatureVector VECTOR =
            new FeatureVector(Symbol.parse("BTC/USD"), AS_OF, AS_OF, "feed", new double[] {1}, 64000, 0.0005, "");

    private final PredictionComposer composer = new PredictionComposer("simulated", 5, COVERAGES);

    private static Opinion.Given opinion(boolean outOfRange, boolean stale, boolean silenced) {
        return new Opinion.Given("17", forecast(0.53, outOfRange, 0.7), stale, silenced);
    }

    private static Forecaster.Forecast forecast(double probabilityUp, boolean outOfRange, double scale) {
        Tails tails = new Tails(new double[] {0, 0.8, 0.95}, new double[] {0, 1.3, 2.2});
        return new Forecaster.Forecast(0.0002, probabilityUp, outOfRange, scale, tails);
    }

    private Prediction compose(Eligibility eligibility, Opinion opinion, Instant madeAt) {
        return composer.compose(VECTOR, eligibility, opinion, CALIBRATION, madeAt);
    }

    @Test
    void shouldLetAModelSpeak() {
        Prediction live = compose(FINE, opinion(false, false, false), IN_TIME);

        assertEquals(Status.LIVE, live.status());
        assertNull(live.reason());
        assertEquals("17", live.modelVersion());
        assertEquals("BTC/USD|2024-01-05T12:05:00.000Z|17", live.id());
        assertEquals(64000 * Math.exp(0.0002), live.predictedPrice(), 1e-9);
        assertEquals(Math.expm1(0.0002), live.expectedReturn(), 1e-15);
        assertEquals(0.53, live.probabilityUp());
        assertTrue(live.published());
        double move = 0.7 * 0.0005 * Math.sqrt(5);
        assertEquals(
                64000 * Math.exp(0.0002 - 1.5 * 1.3 * move),
                live.intervals().get(0).low(),
                1e-6);
        assertEquals(
                64000 * Math.exp(0.0002 + 2 * 2.2 * move),
                live.intervals().get(1).high(),
                1e-6);
    }

    @Test
    void shouldFallBackToNaiveWithItsInterval() {
        Prediction naive = compose(FINE, Opinion.none(), IN_TIME);

        assertEquals(Status.FALLBACK, naive.status());
        assertEquals(Reason.NO_MODEL, naive.reason());
        assertEquals(Prediction.NAIVE, naive.modelVersion());
        assertEquals(64000, naive.predictedPrice());
        assertEquals(0, naive.expectedReturn());
        assertEquals(0.5, naive.probabilityUp());
        assertEquals(2, naive.intervals().size());
        assertEquals(
                64000 * Math.exp(2 * 0.0005 * Math.sqrt(5)),
                naive.intervals().get(1).high(),
                1e-6);
        assertTrue(naive.hasFigures());
    }

    @Test
    void shouldAbstainWithoutFigures() {
        Prediction abstained = compose(new Eligibility(false, false, 3000, true), Opinion.none(), IN_TIME);

        assertEquals(Status.ABSTAINED, abstained.status());
        assertEquals(Prediction.NAIVE, abstained.modelVersion());
        assertTrue(Double.isNaN(abstained.predictedPrice()));
        assertTrue(Double.isNaN(abstained.expectedReturn()));
        assertTrue(Double.isNaN(abstained.probabilityUp()));
        assertEquals(List.of(), abstained.intervals());
        assertFalse(abstained.hasFigures());
    }

    /** From case to case one more thing is well: the reason must be the next one. */
    @Test
    void shouldNameTheFirstReasonInTheOrderOfTheLaw() {
        Opinion worst = opinion(true, true, true);

        assertReason(Reason.FEED_SILENT, new Eligibility(false, true, 59, false), worst, TOO_LATE);
        assertReason(Reason.GAP, new Eligibility(true, true, 59, false), worst, TOO_LATE);
        assertReason(Reason.LATE, new Eligibility(true, false, 59, false), worst, TOO_LATE);
        assertReason(Reason.WARMING, new Eligibility(true, false, 59, false), worst, IN_TIME);
        assertEquals(
                Status.ABSTAINED,
                compose(new Eligibility(true, false, 59, false), worst, IN_TIME).status());
        assertReason(Reason.WARMING, new Eligibility(true, false, 60, false), worst, IN_TIME);
        assertEquals(
                Status.FALLBACK,
                compose(new Eligibility(true, false, 60, false), worst, IN_TIME).status());
        assertReason(Reason.WARMING, new Eligibility(true, false, 60, false), Opinion.none(), IN_TIME);
        assertReason(Reason.NO_MODEL, FINE, Opinion.none(), IN_TIME);
        assertReason(Reason.STALE_MODEL, FINE, worst, IN_TIME);
        assertReason(Reason.OUT_OF_RANGE, FINE, opinion(true, false, true), IN_TIME);
        assertReason(Reason.WORSE_THAN_NAIVE, FINE, opinion(false, false, true), IN_TIME);
        assertReason(null, FINE, opinion(false, false, false), IN_TIME);
    }

    private void assertReason(Reason reason, Eligibility eligibility, Opinion opinion, Instant madeAt) {
        assertEquals(reason, compose(eligibility, opinion, madeAt).reason());
    }

    @Test
    void shouldStillSpeakAtTheLastInstant() {
        assertEquals(
                Status.LIVE,
                compose(FINE, opinion(false, false, false), AS_OF.plusSeconds(30))
                        .status());
        assertEquals(
                Reason.LATE,
                compose(FINE, opinion(false, false, false), TOO_LATE).reason());
    }

    @Test
    void shouldNeverPublishFiguresThatAreNone() {
        for (Forecaster.Forecast figures : List.of(
                new Forecaster.Forecast(Double.NaN, 0.5, false),
                new Forecaster.Forecast(0.0002, Double.NaN, false),
                forecast(0.5, false, Double.NaN),
                forecast(0.5, false, 0))) {
            Opinion broken = new Opinion.Given("17", figures, false, false);

            assertEquals(Reason.OUT_OF_RANGE, compose(FINE, broken, IN_TIME).reason());
            assertEquals(Optional.empty(), composer.composeShadow(VECTOR, FINE, broken, CALIBRATION, IN_TIME));
        }
    }

    @Test
    void shouldScoreSilencedModelsInTheShadow() {
        Prediction shadow = composer.composeShadow(VECTOR, FINE, opinion(false, true, true), CALIBRATION, IN_TIME)
                .orElseThrow();

        assertFalse(shadow.published());
        assertEquals(Status.LIVE, shadow.status());
        assertEquals("17", shadow.modelVersion());
        Eligibility gap = new Eligibility(true, true, 3000, true);
        assertEquals(
                Optional.empty(),
                composer.composeShadow(VECTOR, gap, opinion(false, false, false), CALIBRATION, IN_TIME));
        assertEquals(Optional.empty(), composer.composeShadow(VECTOR, FINE, Opinion.none(), CALIBRATION, IN_TIME));
    }

    @Test
    void shouldKeepItsOwnCopyOfTheCalibration() {
        double[] state = CALIBRATION.clone();
        Prediction prediction = composer.compose(VECTOR, FINE, Opinion.none(), state, IN_TIME);
        state[0] = 99;

        assertEquals(1, prediction.calibration()[0]);
    }
}
