package tickcast.model.forecast;

/**
 * One row made ready for {@link Forest}: each feature as whole numbers that compare like the floats, so that a step down
 * a tree needs no branch. A feature that is missing (NaN) lies below every number for splits that send it left and above
 * every number for the others. One object serves row after row; not thread safe.
 */
public final class SplitKeys {

    private final int features;
    private final int[] keys;

    /** @param features of the forests that will be asked */
    public SplitKeys(int features) {
        this.features = features;
        this.keys = new int[2 * features];
    }

    /** Takes the row that begins at {@code offset}. Allocates nothing. */
    public SplitKeys fill(float[] rows, int offset) {
        for (int j = 0; j < features; j++) {
            float value = rows[offset + j];
            boolean missing = Float.isNaN(value);
            int key = of(value);
            keys[j] = missing ? Integer.MIN_VALUE : key;
            keys[features + j] = missing ? Integer.MAX_VALUE : key;
        }
        return this;
    }

    int features() {
        return features;
    }

    /** One per {@link #slot}; not to be changed. */
    int[] keys() {
        return keys;
    }

    /** Where a split finds its feature. */
    static int slot(int feature, boolean defaultLeft, int features) {
        return defaultLeft ? feature : features + feature;
    }

    /** {@code of(a) < of(b)} exactly when {@code a < b}, for any two floats that are numbers; −0 equals 0. */
    static int of(float value) {
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }
}
