package tickcast.model.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The features of a training part that enough of its rows know, as one matrix, and the clipped target. Everything here
 * is fitted on that part alone.
 */
final class Design {

    /** Rarer moves count as this many expected ones, so that one jump does not teach everything. */
    private static final double TARGET_CLIP = 5;

    /** Realised volatilities outside of this, in expected ones, count as its ends. */
    private static final double LEAST_REALISED = 0.05;

    private static final double MOST_REALISED = 6;

    private static final int MOST_ROWS_FOR_QUANTILES = 50_000;
    private static final double TAIL = 0.001;

    private final TrainingSet set;
    private final int[] used;
    private final float[] matrix;

    private Design(TrainingSet set, int[] used) {
        this.set = set;
        this.used = used;
        this.matrix = matrix(set, used);
    }

    /** @throws NotEnoughHistory when no feature is known often enough */
    static Design of(TrainingSet set, double leastPresence) {
        int[] present = new int[set.features().size()];
        float[] row = new float[present.length];
        for (int i = 0; i < set.rows(); i++) {
            set.copyRow(i, row, 0);
            for (int j = 0; j < present.length; j++) {
                present[j] += Float.isNaN(row[j]) ? 0 : 1;
            }
        }
        int[] used = new int[present.length];
        int count = 0;
        for (int j = 0; j < present.length; j++) {
            if (present[j] >= leastPresence * set.rows()) {
                used[count++] = j;
            }
        }
        if (count == 0) {
            throw new NotEnoughHistory("no feature is known in " + 100 * leastPresence + " % of the rows");
        }
        return new Design(set, Arrays.copyOf(used, count));
    }

    /** Rows × used features of any set of the same schema. */
    static float[] matrix(TrainingSet set, int[] used) {
        float[] matrix = new float[Math.multiplyExact(set.rows(), used.length)];
        float[] row = new float[set.features().size()];
        for (int i = 0, k = 0; i < set.rows(); i++) {
            set.copyRow(i, row, 0);
            for (int feature : used) {
                matrix[k++] = row[feature];
            }
        }
        return matrix;
    }

    int rows() {
        return set.rows();
    }

    int width() {
        return used.length;
    }

    int[] used() {
        return used.clone();
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        for (int feature : used) {
            names.add(set.features().get(feature));
        }
        return List.copyOf(names);
    }

    /** Row after row; not to be changed. */
    float[] matrix() {
        return matrix;
    }

    float[] target() {
        float[] target = new float[set.rows()];
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, set.z(i)));
        }
        return target;
    }

    /** Logarithms of realised volatilities in expected ones, clipped. */
    float[] logRealised() {
        float[] logs = new float[set.rows()];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = (float) StrictMath.log(Math.max(LEAST_REALISED, Math.min(MOST_REALISED, set.realised(i))));
        }
        return logs;
    }

    /**
     * Bounds beyond which a value lies far outside: the 0.1 and 99.9 % quantiles, each moved out by their distance. A
     * feature that never changed has no bounds.
     *
     * @return low bounds, high bounds
     */
    float[][] ranges() {
        float[][] ranges = new float[2][used.length];
        int stride = Math.max(1, set.rows() / MOST_ROWS_FOR_QUANTILES);
        float[] sample = new float[set.rows() / stride + 1];
        for (int j = 0; j < used.length; j++) {
            int count = 0;
            for (int i = 0; i < set.rows(); i += stride) {
                float value = matrix[i * used.length + j];
                if (!Float.isNaN(value)) {
                    sample[count++] = value;
                }
            }
            Arrays.sort(sample, 0, count);
            float low = count == 0 ? 0 : sample[(int) (TAIL * (count - 1))];
            float high = count == 0 ? 0 : sample[(int) Math.ceil((1 - TAIL) * (count - 1))];
            boolean bounded = high > low;
            ranges[0][j] = bounded ? finite(low - (high - low)) : -Float.MAX_VALUE;
            ranges[1][j] = bounded ? finite(high + (high - low)) : Float.MAX_VALUE;
        }
        return ranges;
    }

    private static float finite(float bound) {
        return Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, bound));
    }
}
