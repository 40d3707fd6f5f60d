package tickcast.model.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.evaluation.Performance.IntervalPerformance;
import tickcast.model.market.Times;

/** Adds up errors that come by rising target time, all in one unit. */
final class Tally {

    private static final BlockBootstrap.Skill UNKNOWN = new BlockBootstrap.Skill(Double.NaN, Double.NaN, Double.NaN);

    private final BlockBootstrap bootstrap;
    private final int blockMinutes;
    private final Map<Double, CoverageTally> bands = new TreeMap<>();
    private int count;
    private int unscored;
    private double errorSum;
    private double naiveErrorSum;
    private int directionCount;
    private int directionHits;

    Tally(int blockMinutes) {
        this.bootstrap = new BlockBootstrap(blockMinutes);
        this.blockMinutes = blockMinutes;
    }

    void add(ErrorSums sums) {
        unscored += sums.unscored();
        if (sums.count() == 0) {
            return;
        }
        count += sums.count();
        errorSum += sums.error();
        naiveErrorSum += sums.naiveError();
        directionCount += sums.directions();
        directionHits += sums.directionHits();
        long minute = Times.epochMinute(sums.targetTime());
        bootstrap.add(minute, sums.error(), sums.naiveError());
        int horizon =
                Math.toIntExact(Duration.between(sums.asOf(), sums.targetTime()).toMinutes());
        for (ErrorSums.Band band : sums.bands()) {
            bands.computeIfAbsent(band.coverage(), coverage -> new CoverageTally(blockMinutes, horizon))
                    .add(minute, band);
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
