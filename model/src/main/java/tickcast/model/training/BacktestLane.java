package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.IntervalCalibrator;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;

/** One symbol in a backtest: what its Market and its Monitor would do at every minute, and the rival's quantiles. */
final class BacktestLane {

    private static final int MINUTES_PER_DAY = 1440;

    private final int horizonMinutes;
    private final IntervalCalibrator calibrator;
    private final Deque<Prediction> waiting = new ArrayDeque<>();
    private final Deque<Candle> recent = new ArrayDeque<>();
    private final RollingQuantiles lastDay = new RollingQuantiles(MINUTES_PER_DAY);
    private final Deque<List<double[]>> rivals = new ArrayDeque<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    BacktestLane(int horizonMinutes, List<Double> coverages) {
        this.horizonMinutes = horizonMinutes;
        this.calibrator = new IntervalCalibrator(horizonMinutes, coverages);
    }

    /** A minute closed: what waits for it matures; the calibrator learns from the minute before (law 11). */
    void close(Candle candle, Instant countFrom) {
        if (!recent.isEmpty()) {
            calibrator.learn(recent.peekLast());
        }
        recent.addLast(candle);
        while (recent.size() > horizonMinutes + 1) {
            recent.removeFirst();
        }
        Candle before = recent.peekFirst();
        if (recent.size() > horizonMinutes
                && before.quality().isWhole()
                && candle.quality().isWhole()) {
            lastDay.add(Math.log(candle.close() / before.close()));
        }
        mature(candle, countFrom);
    }

    private void mature(Candle candle, Instant countFrom) {
        if (waiting.isEmpty() || !waiting.peekFirst().targetTime().equals(candle.closeTime())) {
            return;
        }
        Prediction prediction = waiting.removeFirst();
        List<double[]> rival = rivals.removeFirst();
        boolean counts = !prediction.asOf().isBefore(countFrom)
                && prediction.hasFigures()
                && prediction.volatility() > 0
                && candle.quality().isWhole();
        if (counts) {
            outcomes.add(outcome(prediction, rival, candle.close()));
        }
    }

    private Outcome outcome(Prediction prediction, List<double[]> rival, double actual) {
        double last = prediction.lastPrice();
        double unit = last * prediction.volatility() * Math.sqrt(horizonMinutes);
        Outcome.Band[] bands = new Outcome.Band[rival.size()];
        for (int i = 0; i < bands.length; i++) {
            Interval interval = prediction.intervals().get(i);
            bands[i] = Outcome.Band.of(
                    interval.coverage(),
                    Math.log(interval.low() / last),
                    Math.log(interval.high() / last),
                    rival.get(i)[0],
                    rival.get(i)[1],
                    Math.log(actual / last));
        }
        return new Outcome(
                Times.epochMinute(prediction.targetTime()),
                Times.epochMinute(prediction.asOf()),
                unit,
                last,
                prediction.predictedPrice(),
                actual,
                prediction.probabilityUp(),
                prediction.status() == Status.LIVE,
                bands);
    }

    double[] calibration() {
        return calibrator.state();
    }

    /** Takes what was published. */
    void publish(Prediction prediction, List<Double> coverages) {
        calibrator.remember(prediction);
        waiting.addLast(prediction);
        rivals.addLast(coverages.stream().map(this::lastDayInterval).toList());
        Instant oldest = prediction.asOf().minus(Duration.ofMinutes(horizonMinutes));
        while (waiting.peekFirst().asOf().isBefore(oldest)) {
            waiting.removeFirst();
            rivals.removeFirst();
        }
    }

    private double[] lastDayInterval(double coverage) {
        if (lastDay.count() < MINUTES_PER_DAY) {
            return new double[] {Double.NaN, Double.NaN};
        }
        return new double[] {lastDay.quantile((1 - coverage) / 2), lastDay.quantile((1 + coverage) / 2)};
    }

    List<Outcome> outcomes() {
        return outcomes;
    }
}
