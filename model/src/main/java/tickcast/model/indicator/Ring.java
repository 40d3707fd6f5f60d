package tickcast.model.indicator;

/** The last n numbers. Sums run from the oldest to the newest, so that they depend on these n alone. */
final class Ring {

    private final double[] values;
    private int next;
    private int size;

    Ring(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("length must be at least 1, was " + length);
        }
        values = new double[length];
    }

    void add(double value) {
        values[next] = value;
        next = next + 1 == values.length ? 0 : next + 1;
        if (size < values.length) {
            size++;
        }
    }

    boolean isFull() {
        return size == values.length;
    }

    /** The oldest value of a full ring. */
    double oldest() {
        return values[next];
    }

    /** Mean of a full ring, summed as distances from the oldest value: exact when all are equal. */
    double mean() {
        double base = values[next];
        double sum = 0;
        for (int i = next; i < values.length; i++) {
            sum += values[i] - base;
        }
        for (int i = 0; i < next; i++) {
            sum += values[i] - base;
        }
        return base + sum / values.length;
    }

    /** Mean of the squared distances from {@code center}. */
    double meanSquareFrom(double center) {
        double sum = 0;
        for (int i = next; i < values.length; i++) {
            sum += (values[i] - center) * (values[i] - center);
        }
        for (int i = 0; i < next; i++) {
            sum += (values[i] - center) * (values[i] - center);
        }
        return sum / values.length;
    }

    /** Mean of the distances from {@code center}. */
    double meanDistanceFrom(double center) {
        double sum = 0;
        for (int i = next; i < values.length; i++) {
            sum += Math.abs(values[i] - center);
        }
        for (int i = 0; i < next; i++) {
            sum += Math.abs(values[i] - center);
        }
        return sum / values.length;
    }

    /** Sum of the positive values. */
    double sumAboveZero() {
        double sum = 0;
        for (int i = next; i < values.length; i++) {
            sum += Math.max(values[i], 0);
        }
        for (int i = 0; i < next; i++) {
            sum += Math.max(values[i], 0);
        }
        return sum;
    }

    /** Sum of the negative values, as a positive number. */
    double sumBelowZero() {
        double sum = 0;
        for (int i = next; i < values.length; i++) {
            sum += Math.max(-values[i], 0);
        }
        for (int i = 0; i < next; i++) {
            sum += Math.max(-values[i], 0);
        }
        return sum;
    }

    /** Values weighted 1 (oldest) to n (newest). */
    double weightedMean() {
        double sum = 0;
        int weight = 0;
        for (int i = next; i < values.length; i++) {
            sum += ++weight * values[i];
        }
        for (int i = 0; i < next; i++) {
            sum += ++weight * values[i];
        }
        return sum / (weight * (weight + 1) / 2.0);
    }

    double max() {
        double max = values[0];
        for (int i = 1; i < size; i++) {
            max = Math.max(max, values[i]);
        }
        return max;
    }

    double min() {
        double min = values[0];
        for (int i = 1; i < size; i++) {
            min = Math.min(min, values[i]);
        }
        return min;
    }
}
