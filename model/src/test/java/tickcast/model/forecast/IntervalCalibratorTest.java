package tickcast.model.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

class IntervalCalibratorTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant START = Instant.parse("2024-01-05T00:00:00Z");
    private static final int HORIZON = 5;
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);
    private static final double VOLATILITY = 0.001;
    private static final PredictionComposer COMPOSER = new PredictionComposer("simulated", HORIZON, COVERAGES);
    private static final Eligibility FINE = new Eligibility(true, false, 3000, true);

    private final IntervalCalibrator calibrator = new IntervalCalibrator(HORIZON, COVERAGES);

    @Test
    void shouldBeginWithFatTailedWidths() {
        assertArrayEquals(new double[] {1.084, 1.885, 0, 1, 1, 0, 1, 0}, calibrator.state(), 0.001);
        assertEquals(3.07, IntervalCalibrator.initialState(List.of(0.99))[0], 0.01);
        assertTrue(IntervalCalibrator.initialState(List.of(0.999))[0] > 4);
    }

    @Test
    void shouldReachTheCoverageOnFatTailsWhateverTheScale() {
        for (double scale : new double[] {0.5, 1, 2}) {
            Run run = new Run(new IntervalCalibrator(HORIZON, COVERAGES), scale);
            run.minutes(4_000);
            run.resetCounts();
            run.minutes(20_000);

            assertEquals(0.80, run.share(0), 0.01, "scale " + scale);
            assertEquals(0.95, run.share(1), 0.01, "scale " + scale);
        }
    }

    @Test
    void shouldGoOnIdenticallyAfterARestart() {
        Run undisturbed = new Run(calibrator, 1);
        undisturbed.minutes(500);
        IntervalCalibrator restarted = new IntervalCalibrator(HORIZON, COVERAGES);
        restarted.restore(undisturbed.newest().calibration());
        undisturbed.stored.stream()
                .filter(stored -> !stored.targetTime().isBefore(undisturbed.now))
                .forEach(restarted::remember);
        Run other = undisturbed.resumedWith(restarted);

        undisturbed.minutes(300);
        other.minutes(300);

        assertArrayEquals(undisturbed.newest().calibration(), other.newest().calibration());
        assertEquals(undisturbed.newest().intervals(), other.newest().intervals());
    }

    @Test
    void shouldLearnFromMatchingWholeCandlesOnly() {
        double[] before = calibrator.state();
        calibrator.remember(prediction(START, 100, before));
        calibrator.learn(candle(START.plus(Duration.ofMinutes(4)), 150));
        calibrator.learn(candle(START.plus(Duration.ofMinutes(6)), 150));
        assertArrayEquals(before, calibrator.state());

        calibrator.learn(candle(START.plus(Duration.ofMinutes(5)), 150));
        double[] after = calibrator.state();
        assertTrue(after[0] > before[0] && after[1] > before[1], "a miss widens");
        assertEquals(1, after[2]);

        calibrator.learn(candle(START.plus(Duration.ofMinutes(5)), 150));
        assertArrayEquals(after, calibrator.state(), "each prediction teaches once");
    }

    @Test
    void shouldLearnNothingFromPartialCandlesAndDeadMarkets() {
        double[] before = calibrator.state();
        calibrator.remember(prediction(START, 100, before));
        calibrator.learn(Candle.missing(BTC, START.plus(Duration.ofMinutes(4)), 150, START));
        FeatureVector dead = new FeatureVector(BTC, START, START, "feed", new double[0], 100, 0, "");
        calibrator.remember(COMPOSER.compose(dead, FINE, Opinion.none(), before, START));
        calibrator.learn(candle(START.plus(Duration.ofMinutes(5)), 150));
        calibrator.remember(COMPOSER.compose(
                vector(START, 100), new Eligibility(false, false, 0, false), Opinion.none(), before, START));
        calibrator.learn(candle(START.plus(Duration.ofMinutes(5)), 150));

        assertArrayEquals(before, calibrator.state());
    }

    @Test
    void shouldForgetWhatNeverMatured() {
        for (int minute = 0; minute <= HORIZON + 3; minute++) {
            calibrator.remember(prediction(START.plus(Duration.ofMinutes(minute)), 100, calibrator.state()));
        }
        calibrator.learn(candle(START.plus(Duration.ofMinutes(HORIZON)), 150));
        assertEquals(0, calibrator.state()[2], "the oldest is forgotten");

        calibrator.learn(candle(START.plus(Duration.ofMinutes(HORIZON + 1)), 150));
        assertEquals(1, calibrator.state()[2]);
    }

    @Test
    void shouldStayBoundedAndOrdered() {
        for (double price : new double[] {200, 100}) {
            IntervalCalibrator pushed = new IntervalCalibrator(HORIZON, COVERAGES);
            for (int minute = 0; minute < 30_000; minute++) {
                Instant asOf = START.plus(Duration.ofMinutes(minute));
                pushed.remember(prediction(asOf, 100, pushed.state()));
                pushed.learn(candle(asOf.plus(Duration.ofMinutes(HORIZON)), price));
                double[] state = pushed.state();
                assertTrue(state[0] >= 0.1 && state[1] <= 20.5 && state[1] > state[0]);
            }
        }
    }

    @Test
    void shouldBeginAnewFromAStateOfOtherCoverages() {
        calibrator.restore(new double[] {3, 4, 5, 100});
        assertArrayEquals(IntervalCalibrator.initialState(COVERAGES), calibrator.state());
        calibrator.restore(new double[] {3, Double.NaN, 5});
        assertArrayEquals(IntervalCalibrator.initialState(COVERAGES), calibrator.state());
        calibrator.restore(new double[0]);
        assertArrayEquals(IntervalCalibrator.initialState(COVERAGES), calibrator.state());
        calibrator.restore(new double[] {3, 4, 5});
        assertArrayEquals(new double[] {3, 4, 5, 1, 1, 0, 1, 0}, calibrator.state(), "as an earlier version stored it");
        calibrator.restore(new double[] {3, 4, 5, 1.1, 1.2, 6, 0.9, 0.001});
        assertArrayEquals(new double[] {3, 4, 5, 1.1, 1.2, 6, 0.9, 0.001}, calibrator.state());
    }

    @Test
    void shouldBeginAnewFromAPredictionWhoseIntervalsWereOthers() {
        double[] learned = {3, 4, 5, 1.1, 1.2, 6, 0.9, 0.001};
        Prediction newest = prediction(START, 100, learned);
        calibrator.restore(newest);
        assertArrayEquals(learned, calibrator.state());

        List<Double> others = List.of(0.5, 0.9);
        IntervalCalibrator changed = new IntervalCalibrator(HORIZON, others);
        changed.restore(newest);
        assertArrayEquals(IntervalCalibrator.initialState(others), changed.state());
    }

    @Test
    void shouldGiveNestedIntervalsOfSomeWidthAlways() {
        for (double volatility : new double[] {0, 1e-12, 1e-9, 1e-6, 0.001, 10, Double.NaN}) {
            List<Interval> intervals =
                    IntervalCalibrator.naive(calibrator.state(), COVERAGES, 64000, volatility, HORIZON);
            Interval inner = intervals.get(0);
            Interval outer = intervals.get(1);

            assertTrue(outer.low() < inner.low() && inner.high() < outer.high(), "volatility " + volatility);
            assertTrue(inner.high() - inner.low() >= 64000 * 1e-6, "volatility " + volatility);
            assertTrue(inner.low() > 0 && Double.isFinite(outer.high()));
        }
    }

    @Test
    void shouldNestAModelsIntervalsWhateverItsScale() {
        double[] crossing = {1, 2, 0, 5, 0.2, 0, 1, 0};
        for (double scale : new double[] {1e-9, 0.15, 1, 1000}) {
            Forecaster.Forecast forecast = new Forecaster.Forecast(0.0001, 0.5, false, scale, Tails.USUAL);
            List<Interval> intervals =
                    IntervalCalibrator.model(crossing, COVERAGES, 64000, forecast, VOLATILITY, HORIZON);

            assertTrue(intervals.get(1).low() < intervals.get(0).low(), "scale " + scale);
            assertTrue(intervals.get(0).high() < intervals.get(1).high(), "scale " + scale);
            assertTrue(intervals.get(0).high() - intervals.get(0).low() >= 64000 * 1e-6, "scale " + scale);
            assertTrue(
                    intervals.get(1).low() > 0
                            && Double.isFinite(intervals.get(1).high()),
                    "scale " + scale);
        }
    }

    @Test
    void shouldWidenAtOnceInAJumpAndNotCollapseWhenNobodyTrades() {
        FeatureExtractor features = new FeatureExtractor(BTC);
        SplittableRandom random = new SplittableRandom(3);
        Instant closeTime = START;
        double price = 100;
        for (int minute = 0; minute < 3000; minute++) {
            closeTime = closeTime.plus(Candle.INTERVAL);
            price *= Math.exp(VOLATILITY * (random.nextBoolean() ? 1 : -1));
            calibrator.learn(candle(closeTime, price));
            features.update(candle(closeTime, price));
            calibrator.remember(naive(features));
        }
        double usual = width(naive(features));
        Instant jumped = closeTime.plus(Candle.INTERVAL);
        features.update(candle(jumped, 1.02 * price));
        double wild = width(naive(features));
        for (int minute = 1; minute < 4 * 1440; minute++) {
            features.update(Candle.empty(BTC, jumped.plus(Duration.ofMinutes(minute - 1)), 1.02 * price, jumped));
        }
        double dead = width(naive(features));

        assertTrue(wild > 1.5 * usual, usual + " before the jump, then " + wild);
        assertEquals(0, features.volatility());
        assertEquals(0.1 * usual, dead, 0.01 * usual);
    }

    private Prediction naive(FeatureExtractor features) {
        FeatureVector vector = features.vector(features.asOf());
        return COMPOSER.compose(vector, FINE, Opinion.none(), calibrator.state(), features.asOf());
    }

    private static double width(Prediction prediction) {
        Interval inner = prediction.intervals().get(0);
        return (inner.high() - inner.low()) / prediction.lastPrice();
    }

    @Test
    void shouldLeadModelsAndNaiveApart() {
        Prediction live = COMPOSER.compose(vector(START, 100), FINE, opinion(0.6), calibrator.state(), START);
        calibrator.remember(live);
        calibrator.learn(candle(
                START.plus(Duration.ofMinutes(5)), live.intervals().get(0).high() * 1.0001));
        double[] taught = calibrator.state();

        assertTrue(taught[0] > 1.084 && taught[1] < 1.885, "naive learns from a model's minute as well");
        assertTrue(taught[3] > 1 && taught[4] < 1, "outside the inner, inside the outer interval");
        assertEquals(1, taught[2]);
        assertEquals(1, taught[5]);
        assertTrue(taught[6] > 1, "it rose, as was said");

        calibrator.remember(prediction(START, 100, taught));
        calibrator.learn(candle(START.plus(Duration.ofMinutes(5)), 150));
        assertArrayEquals(Arrays.copyOfRange(taught, 3, 8), Arrays.copyOfRange(calibrator.state(), 3, 8), 1e-18);
        assertEquals(2, calibrator.state()[2]);
    }

    @Test
    void shouldCorrectProbabilitiesThatAreTooSure() {
        SplittableRandom random = new SplittableRandom(5);
        for (int minute = 0; minute < 60_000; minute++) {
            Instant asOf = START.plus(Duration.ofMinutes(minute));
            double said = random.nextBoolean() ? 0.7 : 0.3;
            double price = random.nextDouble() < 0.5 + (said - 0.5) / 2 ? 100.01 : 99.99;
            calibrator.remember(COMPOSER.compose(vector(asOf, 100), FINE, opinion(said), calibrator.state(), asOf));
            calibrator.learn(candle(asOf.plus(Duration.ofMinutes(HORIZON)), price));
        }

        assertEquals(0.6, IntervalCalibrator.probabilityUp(calibrator.state(), COVERAGES, 0.7), 0.02);
        assertEquals(0.4, IntervalCalibrator.probabilityUp(calibrator.state(), COVERAGES, 0.3), 0.02);
        assertEquals(0.99, IntervalCalibrator.probabilityUp(calibrator.state(), COVERAGES, 0.9999999));
        assertEquals(
                0.01, IntervalCalibrator.probabilityUp(IntervalCalibrator.initialState(COVERAGES), COVERAGES, 1e-9));
    }

    @Test
    void shouldRefuseCoveragesThatDoNotRise() {
        assertThrows(IllegalArgumentException.class, () -> new IntervalCalibrator(5, List.of(0.95, 0.8)));
        assertThrows(IllegalArgumentException.class, () -> new IntervalCalibrator(5, List.of(1.0)));
        assertThrows(IllegalArgumentException.class, () -> new IntervalCalibrator(0, COVERAGES));
    }

    private static FeatureVector vector(Instant asOf, double price) {
        return new FeatureVector(BTC, asOf, asOf, "feed", new double[0], price, VOLATILITY, "");
    }

    private static Prediction prediction(Instant asOf, double price, double[] state) {
        return COMPOSER.compose(vector(asOf, price), FINE, Opinion.none(), state, asOf);
    }

    private static Opinion opinion(double probabilityUp) {
        return new Opinion.Given("7", new Forecaster.Forecast(0, probabilityUp, false), false, false);
    }

    private static Candle candle(Instant closeTime, double close) {
        Instant open = closeTime.minus(Candle.INTERVAL);
        return new Candle(
                BTC, open, close, close, close, close, 1, 1, 1, 1, 1, 1, Quality.COMPLETE, 0, closeTime, false);
    }

    /** A market whose one-minute returns are Student's t, followed as the Market does it. */
    private static final class Run {

        private final IntervalCalibrator calibrator;
        private final double scale;
        private SplittableRandom random = new SplittableRandom(0);
        private final Deque<Prediction> stored = new ArrayDeque<>();
        private final List<Integer> inside = new ArrayList<>(List.of(0, 0));
        private Instant now = START;
        private double price = 100;
        private Candle last = candle(START, 100);
        private int matured;

        Run(IntervalCalibrator calibrator, double scale) {
            this.calibrator = calibrator;
            this.scale = scale;
        }

        /** The same market from now on, followed by another calibrator. */
        Run resumedWith(IntervalCalibrator restarted) {
            Run other = new Run(restarted, scale);
            other.now = now;
            other.price = price;
            other.last = last;
            other.stored.addAll(stored);
            return other;
        }

        void minutes(int count) {
            for (int i = 0; i < count; i++) {
                minute();
            }
        }

        private void minute() {
            now = now.plus(Candle.INTERVAL);
            random = new SplittableRandom(now.getEpochSecond() * 31);
            price *= Math.exp(scale * VOLATILITY * studentT());
            calibrator.learn(last);
            last = candle(now, price);
            count();
            Prediction next = prediction(now, price, calibrator.state());
            calibrator.remember(next);
            stored.addLast(next);
        }

        private void count() {
            while (!stored.isEmpty() && stored.peekFirst().targetTime().isBefore(now)) {
                stored.removeFirst();
            }
            if (!stored.isEmpty() && stored.peekFirst().targetTime().equals(now)) {
                matured++;
                for (int i = 0; i < inside.size(); i++) {
                    int hit = stored.peekFirst().intervals().get(i).contains(price) ? 1 : 0;
                    inside.set(i, inside.get(i) + hit);
                }
            }
        }

        private double studentT() {
            double squares = 0;
            for (int i = 0; i < 4; i++) {
                squares += Math.pow(gaussian(), 2);
            }
            return gaussian() / Math.sqrt(squares / 4) / Math.sqrt(2);
        }

        private double gaussian() {
            return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        }

        Prediction newest() {
            return stored.peekLast();
        }

        void resetCounts() {
            matured = 0;
            inside.replaceAll(count -> 0);
        }

        double share(int interval) {
            return (double) inside.get(interval) / matured;
        }
    }
}
