package tickcast.model.training;

/**
 * One matured prediction of a backtest.
 *
 * @param epochMinute of the target time
 * @param asOfHour UTC hour of the as-of
 * @param unit move that volatility led to expect, quote asset
 * @param error absolute, quote asset
 * @param naiveError likewise of "the price stays as it is"
 * @param confidence absolute forecast in expected moves; 0 = said no direction
 * @param moved whether the price did
 * @param right whether the direction was
 * @param live whether a model spoke
 * @param bands by coverage
 */
record Outcome(
        long epochMinute,
        int asOfHour,
        double unit,
        double error,
        double naiveError,
        double confidence,
        boolean moved,
        boolean right,
        boolean live,
        Band[] bands) {

    boolean saidDirection() {
        return moved && confidence > 0;
    }

    /**
     * One interval against that of the last day's empirical quantiles.
     *
     * @param inside whether the price came to lie inside
     * @param winkler interval score in log price: width + 2/α · distance outside. Gneiting and Raftery (2007)
     * @param naiveWinkler of the empirical quantiles, NaN when the day was not full
     */
    record Band(double coverage, boolean inside, double winkler, double naiveWinkler) {

        static Band of(double coverage, double low, double high, double naiveLow, double naiveHigh, double actual) {
            boolean inside = actual >= low && actual <= high;
            return new Band(
                    coverage,
                    inside,
                    winkler(coverage, low, high, actual),
                    winkler(coverage, naiveLow, naiveHigh, actual));
        }

        private static double winkler(double coverage, double low, double high, double actual) {
            double outside = Math.max(0, Math.max(low - actual, actual - high));
            return high - low + 2 / (1 - coverage) * outside;
        }
    }
}
