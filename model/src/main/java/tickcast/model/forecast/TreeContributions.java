package tickcast.model.forecast;

/**
 * Shapley values of one row over the trees of a forest, where a feature that is not known splits rows as training did
 * (path dependent). Lundberg, Erion and Lee, "Consistent Individualized Feature Attribution for Tree Ensembles" (2018),
 * algorithm 2. O(leaves × depth²) a tree. Not thread safe.
 */
final class TreeContributions {

    private final Forest forest;
    private final int[] keys;
    private final double[] contributions;

    /** The features met on the way down; each level of recursion has its own copy, one after the other. */
    private final int[] feature;
    /** Share of training rows that would go this way if the feature were not known. */
    private final double[] unknown;
    /** 1 when the row goes this way because of the feature, or else 0. */
    private final double[] known;
    /** Weight of the subsets of as many features as the index says. */
    private final double[] weight;

    /**
     * @param keys of the row
     * @param deepest depth of the forest
     * @param contributions added to, one per feature
     */
    TreeContributions(Forest forest, int[] keys, int deepest, double[] contributions) {
        this.forest = forest;
        this.keys = keys;
        this.contributions = contributions;
        int size = (deepest + 2) * (deepest + 3) / 2;
        feature = new int[size];
        unknown = new double[size];
        known = new double[size];
        weight = new double[size];
    }

    /** Adds the contributions within one tree. */
    void add(int root) {
        descend(root, 0, 0, 1, 1, -1);
    }

    /**
     * @param path where the path that led here begins
     * @param length of that path
     * @param share of training rows that take the last step
     * @param taken 1 when the row takes it, or else 0
     * @param by feature of the last step, −1 at the root
     */
    private void descend(int node, int path, int length, double share, double taken, int by) {
        extend(path, length, share, taken, by);
        if (forest.isLeaf(node)) {
            for (int i = 1; i <= length; i++) {
                contributions[feature[path + i]] +=
                        unwoundSum(path, length, i) * (known[path + i] - unknown[path + i]) * forest.leaf(node);
            }
            return;
        }
        int split = forest.feature(node);
        double shareBefore = 1;
        double takenBefore = 1;
        int last = length;
        int met = met(path, length, split);
        if (met > 0) {
            shareBefore = unknown[path + met];
            takenBefore = known[path + met];
            unwind(path, length, met);
            last--;
        }
        int next = path + last + 1;
        int right = forest.right(node);
        int chosen = forest.chosen(node, keys);
        for (int child = right - 1; child <= right; child++) {
            copy(path, next, last + 1);
            double childShare = shareBefore * forest.cover(child) / forest.cover(node);
            descend(child, next, last + 1, childShare, child == chosen ? takenBefore : 0, split);
        }
    }

    private int met(int path, int length, int split) {
        for (int i = 1; i <= length; i++) {
            if (feature[path + i] == split) {
                return i;
            }
        }
        return 0;
    }

    private void copy(int from, int to, int count) {
        System.arraycopy(feature, from, feature, to, count);
        System.arraycopy(unknown, from, unknown, to, count);
        System.arraycopy(known, from, known, to, count);
        System.arraycopy(weight, from, weight, to, count);
    }

    private void extend(int path, int length, double share, double taken, int by) {
        feature[path + length] = by;
        unknown[path + length] = share;
        known[path + length] = taken;
        weight[path + length] = length == 0 ? 1 : 0;
        for (int i = length - 1; i >= 0; i--) {
            weight[path + i + 1] += taken * weight[path + i] * (i + 1) / (length + 1);
            weight[path + i] = share * weight[path + i] * (length - i) / (length + 1);
        }
    }

    /** Takes a step out again, as if it had never been made. */
    private void unwind(int path, int length, int step) {
        double one = known[path + step];
        double zero = unknown[path + step];
        double next = weight[path + length];
        for (int i = length - 1; i >= 0; i--) {
            if (one != 0) {
                double before = weight[path + i];
                weight[path + i] = next * (length + 1) / ((i + 1) * one);
                next = before - weight[path + i] * zero * (length - i) / (length + 1);
            } else {
                weight[path + i] = weight[path + i] * (length + 1) / (zero * (length - i));
            }
        }
        for (int i = path + step; i < path + length; i++) {
            feature[i] = feature[i + 1];
            unknown[i] = unknown[i + 1];
            known[i] = known[i + 1];
        }
    }

    /** The sum of the weights, were the step taken out. */
    private double unwoundSum(int path, int length, int step) {
        double one = known[path + step];
        double zero = unknown[path + step];
        double next = weight[path + length];
        double sum = 0;
        for (int i = length - 1; i >= 0; i--) {
            if (one != 0) {
                double each = next * (length + 1) / ((i + 1) * one);
                sum += each;
                next = weight[path + i] - each * zero * (length - i) / (length + 1);
            } else {
                sum += weight[path + i] * (length + 1) / (zero * (length - i));
            }
        }
        return sum;
    }
}
