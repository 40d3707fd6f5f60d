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

    private static final BlockBootstrap.Skill UNKNOWN = new BlockBootstrap.Skill(Double.NaN, Double.NaN, Double.NaN);

    private final BlockBootstrap bootstrap;
    private final int blockMinutes;
    private final boolean scaled;
    private final Map<Double, CoverageTally> bands = new TreeMap<>();
    private int count;
    private int unscored;
    private double errorSum;
    private double naiveErrorSum;
    private int directionCount;
    private int directionHits;

    /** @param scaled whether errors are divided by the move that volatility led to expect */
    Tally(int blockMinutes, boolean scaled) {
        this.bootstrap = new BlockBootstrap(blockMinutes);
        this.blockMinutes = blockMinutes;
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
        return scaled ? prediction.expectedMove() : 1;
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
        Prediction prediction = error.prediction();
        long minute = Times.epochMinute(prediction.targetTime());
        int horizon = Math.toIntExact(
                Duration.between(prediction.asOf(), prediction.targetTime()).toMinutes());
        List<Interval> intervals = prediction.intervals();
        for (int i = 0; i < intervals.size(); i++) {
            double width = (intervals.get(i).high() - intervals.get(i).low()) / unit;
            bands.computeIfAbsent(intervals.get(i).coverage(), coverage -> new CoverageTally(blockMinutes, horizon))
                    .add(minute, error.inside().get(i), width);
        }
    }

    /** The usual interval of the skill. */
    Performance performance(String version) {
        return performance(version, count == 0 ? UNKNOWN : bootstrap.skill());
    }

    /** For one cell of many. */
    Performance cautiousPerformance(String version) {
        return performance(version, count == 0 ? UNKNOWN : bootstrap.cautiousSkill());
    }

    private Performance performance(String version, BlockBootstrap.Skill skill) {
        List<IntervalPerformance> intervals = new ArrayList<>();
        bands.forEach((coverage, band) -> intervals.add(band.performance(coverage)));
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
}
