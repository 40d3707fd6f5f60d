package tickcast.model.evaluation;

import java.util.List;

/**
 * How well predictions held, over one window.
 *
 * @param modelVersion who made them, {@code naive}, or {@code *} for all together
 * @param count scored predictions
 * @param unscored predictions whose outcome could not be told
 * @param mae mean absolute error: in the quote asset for one symbol; for several in units of the move that volatility led
 *     to expect (last price · σ√horizon); NaN when nothing was scored
 * @param naiveMae the same of "the price stays as it is"
 * @param skill 1 − MAE / naive MAE; NaN when nothing was scored
 * @param skillLow lower end of its 95 % interval (block bootstrap); NaN when there is too little to tell
 * @param skillHigh upper end likewise
 * @param directionAccuracy share of right signs among predictions that said a direction and prices that moved; NaN when none
 * @param directionCount how many those were
 * @param intervals by rising coverage
 */
public record Performance(
        String modelVersion,
        int count,
        int unscored,
        double mae,
        double naiveMae,
        double skill,
        double skillLow,
        double skillHigh,
        double directionAccuracy,
        int directionCount,
        List<IntervalPerformance> intervals) {

    /**
     * @param coverage that was promised, 0–1
     * @param actualCoverage share of outcomes inside, 0–1
     * @param coverageLow lower end of its 95 % interval; NaN when there is too little to tell
     * @param coverageHigh upper end likewise
     * @param meanWidth high − low, mean, in the units of {@link Performance#mae}
     */
    public record IntervalPerformance(
            double coverage, double actualCoverage, double coverageLow, double coverageHigh, double meanWidth) {}

    /** Whether there is evidence enough that "the price stays as it is" would have been better (law 10). */
    public boolean crediblyWorseThanNaive(int leastCount) {
        return count >= leastCount && skillHigh < 0;
    }
}
