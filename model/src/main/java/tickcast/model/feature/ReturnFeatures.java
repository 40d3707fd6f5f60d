package tickcast.model.feature;

import java.util.Arrays;
import java.util.List;

/** Log returns over several lags, in units of what the volatility lets expect. */
final class ReturnFeatures {

    private static final int[] LAGS = {1, 2, 3, 5, 10, 15, 30, 60, 120, 240, RecentMinutes.MAX_LAG};

    static final List<String> NAMES =
            Arrays.stream(LAGS).mapToObj(ReturnFeatures::name).toList();

    private static final double[] ROOTS =
            Arrays.stream(LAGS).mapToDouble(Math::sqrt).toArray();

    private ReturnFeatures() {}

    /** Name of the return over {@code lag} minutes. */
    static String name(int lag) {
        return "return" + lag;
    }

    static void write(FeatureRow row, RecentMinutes minutes, double volatility) {
        for (int i = 0; i < LAGS.length; i++) {
            row.putRatio(minutes.returnOver(LAGS[i]), volatility * ROOTS[i]);
        }
    }
}
