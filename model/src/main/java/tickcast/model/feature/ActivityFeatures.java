package tickcast.model.feature;

import java.util.List;

/**
 * What the last hour was like: volatility at several speeds, volume, taker flow and trades, in one pass from the newest
 * minute back. A share x / (x + mean of the hour) is 0.5 when x is as usual and stays within 0 and 1.
 */
final class ActivityFeatures {

    static final List<String> NAMES = List.of(
            "absReturn1",
            "realized5",
            "realized15",
            "realized60",
            "volatilityTrend",
            "range1",
            "range15",
            "range60",
            "jumpiness60",
            "autocorrelation60",
            "efficiency15",
            "efficiency60",
            "volumeShare1",
            "volumeShare5",
            "volumeShare15",
            "obvChange5",
            "obvChange15",
            "obvChange60",
            "vwapDistance15",
            "vwapDistance60",
            "takerFlow1",
            "takerFlow5",
            "takerFlow15",
            "takerFlow60",
            "tradeShare1",
            "tradeShare5",
            "tradeSizeRatio5");

    /** Variance of a random walk from its range: Parkinson (1980). */
    private static final double PARKINSON = 1 / (4 * StrictMath.log(2));

    private ActivityFeatures() {}

    static void write(FeatureRow row, RecentMinutes minutes, Track track, double close, double volatility) {
        HourScan scan = new HourScan(minutes);
        HourScan.Sums one = scan.over(1);
        HourScan.Sums five = scan.over(5);
        HourScan.Sums quarter = scan.over(15);
        HourScan.Sums hour = scan.over(60);
        writeVolatility(row, track, volatility, one, five, quarter, hour);
        writeVolume(row, close, volatility, one, five, quarter, hour);
        writeFlow(row, one, five, quarter, hour);
    }

    private static void writeVolatility(
            FeatureRow row,
            Track track,
            double volatility,
            HourScan.Sums one,
            HourScan.Sums five,
            HourScan.Sums quarter,
            HourScan.Sums hour) {
        row.putRatio(one.path, volatility);
        row.putRatio(Math.sqrt(five.squares / 5), volatility);
        row.putRatio(Math.sqrt(quarter.squares / 15), volatility);
        row.putRatio(Math.sqrt(hour.squares / 60), volatility);
        row.put(track.volatilityTrend());
        row.putRatio(Math.sqrt(PARKINSON * one.rangeSquares), volatility);
        row.putRatio(Math.sqrt(PARKINSON * quarter.rangeSquares / 15), volatility);
        row.putRatio(Math.sqrt(PARKINSON * hour.rangeSquares / 60), volatility);
        row.putRatio(hour.squares - Math.PI / 2 * hour.neighbourProducts, hour.squares);
        row.putRatio(hour.signedProducts, hour.squares);
        row.putRatio(quarter.move, quarter.path);
        row.putRatio(hour.move, hour.path);
    }

    private static void writeVolume(
            FeatureRow row,
            double close,
            double volatility,
            HourScan.Sums one,
            HourScan.Sums five,
            HourScan.Sums quarter,
            HourScan.Sums hour) {
        row.put(share(one.volume, hour.volume / 60));
        row.put(share(five.volume / 5, hour.volume / 60));
        row.put(share(quarter.volume / 15, hour.volume / 60));
        row.putRatio(five.directedVolume, five.volume);
        row.putRatio(quarter.directedVolume, quarter.volume);
        row.putRatio(hour.directedVolume, hour.volume);
        double step = close * volatility;
        row.putRatio(close - quarter.typicalVolume / quarter.volume, step * Math.sqrt(15));
        row.putRatio(close - hour.typicalVolume / hour.volume, step * Math.sqrt(60));
    }

    private static void writeFlow(
            FeatureRow row, HourScan.Sums one, HourScan.Sums five, HourScan.Sums quarter, HourScan.Sums hour) {
        row.putRatio(2 * one.buyVolume - one.volume, one.volume);
        row.putRatio(2 * five.buyVolume - five.volume, five.volume);
        row.putRatio(2 * quarter.buyVolume - quarter.volume, quarter.volume);
        row.putRatio(2 * hour.buyVolume - hour.volume, hour.volume);
        row.put(share(one.trades, hour.trades / 60));
        row.put(share(five.trades / 5, hour.trades / 60));
        double size = five.volume / five.trades;
        double usualSize = hour.volume / hour.trades;
        row.put(size > 0 && usualSize > 0 ? StrictMath.log(size / usualSize) : Double.NaN);
    }

    private static double share(double value, double usual) {
        return value + usual > 0 ? value / (value + usual) : Double.NaN;
    }
}
