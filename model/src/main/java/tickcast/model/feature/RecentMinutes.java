package tickcast.model.feature;

/**
 * The last minutes as primitive rings: log closes of 12 hours, everything else of one hour. Age 0 is the newest minute. Read
 * by age, never by place, so that sums depend on the minutes alone.
 */
final class RecentMinutes {

    /** Oldest log close kept. */
    static final int MAX_LAG = 720;

    /** Minutes of which everything is kept. */
    static final int HOUR = 60;

    private static final int SIZE = 64;
    private static final int MASK = SIZE - 1;

    private final double[] logCloses = new double[MAX_LAG + 1];
    private final double[] returns = new double[SIZE];
    private final double[] ranges = new double[SIZE];
    private final double[] volumes = new double[SIZE];
    private final double[] typicalVolumes = new double[SIZE];
    private final double[] buyVolumes = new double[SIZE];
    private final float[] trades = new float[SIZE];
    private int count;
    private int logNext;

    /** @param tradeCount −1 when not known */
    void add(double high, double low, double close, double volume, double buyVolume, int tradeCount) {
        double logClose = StrictMath.log(close);
        int at = count & MASK;
        returns[at] = count == 0 ? Double.NaN : logClose - logClose(0);
        ranges[at] = high > low ? StrictMath.log(high / low) : 0;
        volumes[at] = volume;
        typicalVolumes[at] = (high + low + close) / 3 * volume;
        buyVolumes[at] = buyVolume;
        trades[at] = tradeCount < 0 ? Float.NaN : tradeCount;
        logCloses[logNext] = logClose;
        logNext = logNext == MAX_LAG ? 0 : logNext + 1;
        count++;
    }

    /** Minutes taken since the beginning. */
    int count() {
        return count;
    }

    /** Log of the close {@code age} minutes ago, 0 … {@link #MAX_LAG}; there must be one. */
    double logClose(int age) {
        int at = logNext - 1 - age;
        return logCloses[at < 0 ? at + MAX_LAG + 1 : at];
    }

    /** Log return over the last {@code lag} minutes; NaN when not known. */
    double returnOver(int lag) {
        return count > lag ? logClose(0) - logClose(lag) : Double.NaN;
    }

    /** Log return of one minute; NaN for the very first. */
    double returnAt(int age) {
        return returns[at(age)];
    }

    /** Log of high over low. */
    double rangeAt(int age) {
        return ranges[at(age)];
    }

    double volumeAt(int age) {
        return volumes[at(age)];
    }

    /** Typical price × volume. */
    double typicalVolumeAt(int age) {
        return typicalVolumes[at(age)];
    }

    /** NaN when not known. */
    double buyVolumeAt(int age) {
        return buyVolumes[at(age)];
    }

    /** Number of trades; NaN when not known. */
    float tradesAt(int age) {
        return trades[at(age)];
    }

    private int at(int age) {
        return (count - 1 - age) & MASK;
    }
}
