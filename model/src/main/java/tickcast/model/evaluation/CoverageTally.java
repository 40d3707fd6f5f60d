package tickcast.model.evaluation;

import tickcast.model.evaluation.Performance.IntervalPerformance;

/**
 * Whether intervals held that promised one coverage. Outcomes come by rising minute.
 *
 * <p>The 95 % interval of the share inside is that of the block bootstrap. With few blocks it would pretend, and without a
 * single miss it would be a point: then it is widened for the few blocks, and never narrower than that of Wilson (1927)
 * over as many independent outcomes as horizons fit into the minutes seen.
 */
final class CoverageTally {

    private static final int ENOUGH_BLOCKS = 20;

    private final BlockBootstrap misses;
    private final int horizonMinutes;
    private long minute = Long.MIN_VALUE;
    private int minutes;
    private int count;
    private int inside;
    private double width;

    CoverageTally(int blockMinutes, int horizonMinutes) {
        this.misses = new BlockBootstrap(blockMinutes);
        this.horizonMinutes = horizonMinutes;
    }

    void add(long epochMinute, ErrorSums.Band band) {
        minutes += epochMinute > minute ? 1 : 0;
        minute = epochMinute;
        misses.add(epochMinute, band.count() - band.inside(), band.count());
        count += band.count();
        inside += band.inside();
        width += band.width();
    }

    /** @param coverage that was promised */
    IntervalPerformance performance(double coverage) {
        boolean few = misses.blocks() < ENOUGH_BLOCKS;
        BlockBootstrap.Skill share = few ? misses.cautiousSkill() : misses.skill();
        double low = share.low();
        double high = share.high();
        if (few && !Double.isNaN(low)) {
            low = Math.min(low, wilson(-1));
            high = Math.max(high, wilson(1));
        }
        return new IntervalPerformance(
                coverage, (double) inside / count, Math.max(0, low), Math.min(1, high), width / count);
    }

    private double wilson(int side) {
        double independent = Math.max(1, (double) minutes / horizonMinutes);
        double share = (double) inside / count;
        double square = BlockBootstrap.NORMAL * BlockBootstrap.NORMAL / independent;
        double half = BlockBootstrap.NORMAL * Math.sqrt(share * (1 - share) / independent + square / (4 * independent));
        return (share + square / 2 + side * half) / (1 + square);
    }
}
