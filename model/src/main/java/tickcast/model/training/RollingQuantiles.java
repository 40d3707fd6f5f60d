package tickcast.model.training;

import java.util.Arrays;

/** Empirical quantiles of the last so many values. O(size) per value; single-threaded. */
final class RollingQuantiles {

    private final double[] ring;
    private final double[] sorted;
    private int count;
    private int oldest;

    RollingQuantiles(int size) {
        this.ring = new double[size];
        this.sorted = new double[size];
    }

    void add(double value) {
        if (count == ring.length) {
            remove(ring[oldest]);
        }
        ring[oldest] = value;
        oldest = (oldest + 1) % ring.length;
        int found = Arrays.binarySearch(sorted, 0, count, value);
        int at = found < 0 ? -found - 1 : found;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = value;
        count++;
    }

    private void remove(double value) {
        int at = Arrays.binarySearch(sorted, 0, count, value);
        System.arraycopy(sorted, at + 1, sorted, at, count - at - 1);
        count--;
    }

    int count() {
        return count;
    }

    /** Linear between neighbours. @param share 0–1 */
    double quantile(double share) {
        double place = share * (count - 1);
        int below = (int) place;
        int above = Math.min(below + 1, count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
