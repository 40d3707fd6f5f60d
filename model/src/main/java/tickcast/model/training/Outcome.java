package tickcast.model.training;

/**
 * One matured prediction of a backtest.
 *
 * @param epochMinute of the target time
 * @param asOfMinute epoch minute of the as-of
 * @param unit move that volatility led to expect, quote asset
 * @param last price at the as-of
 * @param predicted price
 * @param actual price at the target time
 * @param probabilityUp as said
 * @param live whether a model spoke
 * @param bands by coverage
 */
record Outcome(
        long epochMinute,
        long asOfMinute,
        double unit,
        double last,
        double predicted,
        double actual,
        double probabilityUp,
        boolean live,
        Band[] bands) {

    private static final int MINUTES_PER_HOUR = 60;
    private static final int MINUTES_PER_DAY = 1440;

    /** Absolute, in expected moves. */
    double error() {
        return Math.abs(predicted - actual) / unit;
    }

    /** Likewise of "the price stays as it is". */
    double naiveError() {
        return Math.abs(last - actual) / unit;
    }

    /** How sure of the direction the forecast was: the probability's distance from even. */
    double confidence() {
        return Math.abs(probabilityUp - 0.5);
    }

    /** Whether a direction was said, and the price did move. */
    boolean saidDirection() {
        return actual != last && predicted != last;
    }

    /** Whether the direction was right. */
    boolean right() {
        return predicted > last == actual > last;
    }

    /** 1 when the price rose, 0 when it fell; a price that stayed counts as half up. */
    double up() {
        return actual > last ? 1 : actual < last ? 0 : 0.5;
    }

    /** UTC hour of the as-of. */
    int hour() {
        return (int) Math.floorMod(asOfMinute / MINUTES_PER_HOUR, 24L);
    }

    /** UTC day of the as-of, days since the epoch. */
    long day() {
        return Math.floorDiv(asOfMinute, MINUTES_PER_DAY);
    }

    /**
     * One interval against that of the last day's empirical quantiles.
     *
     * @param inside whether the price came to lie inside
     * @param width high − low, in log price
     * @param winkler interval score in log price: width + 2/α · distance outside. Gneiting and Raftery (2007)
     * @param naiveWinkler of the empirical quantiles, NaN when the day was not full
     */
    record Band(double coverage, boolean inside, double width, double winkler, double naiveWinkler) {

        static Band of(double coverage, double low, double high, double naiveLow, double naiveHigh, double actual) {
            return new Band(
                    coverage,
                    actual >= low && actual <= high,
                    high - low,
                    winkler(coverage, low, high, actual),
                    winkler(coverage, naiveLow, naiveHigh, actual));
        }

        private static double winkler(double coverage, double low, double high, double actual) {
            double outside = Math.max(0, Math.max(low - actual, actual - high));
            return high - low + 2 / (1 - coverage) * outside;
        }

        /** {@code 80} of 0.8. */
        String percent() {
            return Long.toString(Math.round(100 * coverage));
        }
    }
}
