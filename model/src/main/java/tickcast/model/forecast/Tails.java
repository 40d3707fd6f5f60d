package tickcast.model.forecast;

/**
 * How wide an interval has to be for a coverage: half widths in units of an expected move, linear in −ln(1 − coverage)
 * between what was measured, and beyond it.
 *
 * @param coverages rising, from 0 on, below 1; at least two
 * @param halfWidths for each of them, positive but for coverage 0, not falling
 */
public record Tails(double[] coverages, double[] halfWidths) {

    /**
     * What fat tails usually need: quantiles of |r₅|/(σ√5) with σ² = 0.7·EWMA120(r²) + 0.3·EWMA1440(r²), median over
     * eighteen recorded months of BTC, ETH, SOL and XRP (2021 to 2024; a normal distribution would have 1.28 instead of
     * 1.08 at 80 % and 2.58 instead of 3.07 at 99 %).
     */
    public static final Tails USUAL =
            new Tails(new double[] {0, 0.5, 0.8, 0.9, 0.95, 0.99}, new double[] {0, 0.547, 1.084, 1.491, 1.885, 3.072});

    public Tails {
        if (coverages.length < 2 || coverages.length != halfWidths.length) {
            throw new IllegalArgumentException(coverages.length + " coverages, " + halfWidths.length + " half widths");
        }
        double coverage = -1;
        double halfWidth = 0;
        for (int i = 0; i < coverages.length; i++) {
            boolean rises = coverages[i] > coverage && coverages[i] < 1 && halfWidths[i] >= halfWidth;
            if (!rises || !Double.isFinite(halfWidths[i])) {
                throw new IllegalArgumentException(
                        "coverages must rise between 0 and 1 and half widths with them, at " + coverages[i]);
            }
            coverage = coverages[i];
            halfWidth = halfWidths[i];
        }
        if (coverages[0] != 0 || !(halfWidth > 0)) {
            throw new IllegalArgumentException("coverages begin at 0, and the widest half width is positive");
        }
        coverages = coverages.clone();
        halfWidths = halfWidths.clone();
    }

    /** For a coverage between 0 and 1. */
    public double halfWidth(double coverage) {
        int right = 1;
        while (right < coverages.length - 1 && coverage > coverages[right]) {
            right++;
        }
        double from = surprise(coverages[right - 1]);
        double share = (surprise(coverage) - from) / (surprise(coverages[right]) - from);
        return halfWidths[right - 1] + share * (halfWidths[right] - halfWidths[right - 1]);
    }

    private static double surprise(double coverage) {
        return -StrictMath.log1p(-coverage);
    }
}
