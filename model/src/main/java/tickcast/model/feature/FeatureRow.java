package tickcast.model.feature;

import java.util.Arrays;

/** The values of one vector while they are being written, in schema order. What is not finite is missing. */
final class FeatureRow {

    private final double[] values;
    private int written;

    FeatureRow(int size) {
        values = new double[size];
    }

    void put(double value) {
        values[written++] = Double.isInfinite(value) ? Double.NaN : value;
    }

    /** Writes a quotient, missing when the divisor is not positive. */
    void putRatio(double dividend, double divisor) {
        put(divisor > 0 ? dividend / divisor : Double.NaN);
    }

    /** Leaves {@code count} places missing. */
    void skip(int count) {
        Arrays.fill(values, written, written + count, Double.NaN);
        written += count;
    }

    int written() {
        return written;
    }

    /** The values. @throws IllegalStateException unless every place was written */
    double[] values() {
        if (written != values.length) {
            throw new IllegalStateException(written + " of " + values.length + " features were written");
        }
        return values;
    }
}
