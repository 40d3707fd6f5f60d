package tickcast.model.feature;

import java.util.List;
import java.util.stream.IntStream;

/** Hour of the day and day of the week (UTC, of the as-of) as cycles, from tables. */
final class CalendarFeatures {

    static final List<String> NAMES = List.of("hourSin", "hourCos", "weekdaySin", "weekdayCos");

    private static final int MINUTES_PER_DAY = 1440;
    private static final int DAYS = 7;
    private static final double[] MINUTE_SINES = sines(MINUTES_PER_DAY);
    private static final double[] MINUTE_COSINES = cosines(MINUTES_PER_DAY);
    private static final double[] DAY_SINES = sines(DAYS);
    private static final double[] DAY_COSINES = cosines(DAYS);

    private CalendarFeatures() {}

    /** @param asOfMinute minutes since the epoch */
    static void write(FeatureRow row, long asOfMinute) {
        int minuteOfDay = Math.floorMod(asOfMinute, MINUTES_PER_DAY);
        int day = Math.floorMod(Math.floorDiv(asOfMinute, MINUTES_PER_DAY), DAYS);
        row.put(MINUTE_SINES[minuteOfDay]);
        row.put(MINUTE_COSINES[minuteOfDay]);
        row.put(DAY_SINES[day]);
        row.put(DAY_COSINES[day]);
    }

    private static double[] sines(int steps) {
        return IntStream.range(0, steps)
                .mapToDouble(i -> StrictMath.sin(2 * Math.PI * i / steps))
                .toArray();
    }

    private static double[] cosines(int steps) {
        return IntStream.range(0, steps)
                .mapToDouble(i -> StrictMath.cos(2 * Math.PI * i / steps))
                .toArray();
    }
}
