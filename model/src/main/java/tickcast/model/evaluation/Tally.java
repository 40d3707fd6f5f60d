package tickcast.model.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.evaluation.Performance.IntervalPerformance;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Times;

/** Adds up error records that come by rising target time. */
final class Tally {

    private final BlockBootstrap bootstrap;
    private final boolean scaled;
    private final Map<Double, Band> bands = new TreeMap<>();
    private int count;
    private int unscored;
    private double errorSum;
    private double naiveErrorSum;
    private int directionCount;
    private int directionHits;

    /** @param scaled whether errors are divided by the move that volatility led to expect */
    Tally(int blockMinutes, boolean scaled) {
        this.bootstrap = new BlockBootstrap(blockMinutes);
        this.scaled = scaled;
    }

    void add(PredictionError error) {
        if (!error.scored()) {
            unscored++;
            return;
        }
        double unit = unit(error.prediction());
        if (!(unit > 0)) {
            return;
        }
        double absolute = Math.abs(error.error()) / unit;
        double naive = Math.abs(error.naiveError()) / unit;
        count++;
        errorSum += absolute;
        naiveErrorSum += naive;
        bootstrap.add(Times.epochMinute(error.prediction().targetTime()), absolute, naive);
        addDirection(error);
        addIntervals(error, unit);
    }

    private double unit(Prediction prediction) {
        if (!scaled) {
            return 1;
        }
        long horizon =
                Duration.between(prediction.asOf(), prediction.targetTime()).toMinutes();
        return prediction.lastPrice() * prediction.volatility() * Math.sqrt(horizon);
    }

    private void addDirection(PredictionError error) {
        double said = error.prediction().predictedPrice() - error.prediction().lastPrice();
        double came = -error.naiveError();
        if (said != 0 && came != 0) {
            directionCount++;
            directionHits += said > 0 == came > 0 ? 1 : 0;
        }
    }

    private void addIntervals(PredictionError error, double unit) {
        List<Interval> intervals = error.prediction().intervals();
        for (int i = 0; i < intervals.size(); i++) {
            Band band = bands.computeIfAbsent(intervals.get(i).coverage(), coverage -> new Band());
            band.count++;
            band.inside += error.inside().get(i) ? 1 : 0;
            band.width += (intervals.get(i).high() - intervals.get(i).low()) / unit;
        }
    }

    Performance performance(String version) {
        BlockBootstrap.Skill skill =
                count == 0 ? new BlockBootstrap.Skill(Double.NaN, Double.NaN, Double.NaN) : bootstrap.skill();
        List<IntervalPerformance> intervals = new ArrayList<>();
        bands.forEach((coverage, band) -> intervals.add(
                new IntervalPerformance(coverage, (double) band.inside / band.count, band.width / band.count)));
        return new Performance(
                version,
                count,
                unscored,
                errorSum / count,
                naiveErrorSum / count,
                skill.value(),
                skill.low(),
                skill.high(),
                (double) directionHits / directionCount,
                directionCount,
                List.copyOf(intervals));
    }

    private static final class Band {
        private int count;
        private int inside;
        private double width;
    }
}
