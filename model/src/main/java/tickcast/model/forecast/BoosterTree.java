package tickcast.model.forecast;

import java.util.Arrays;

/**
 * One tree of a booster, its nodes numbered breadth first from the root 0, so that a child comes after its parent and
 * right beside its sibling.
 *
 * @param depth of the deepest leaf, 0 when the root is one
 * @param right where the right child stands, the left one just before it; 0 at a leaf
 * @param number what a split compares with, or what a leaf gives
 * @param feature that a split looks at
 * @param defaultLeft whether a split sends rows without that feature to the left
 * @param cover sum of hessians of the training rows that came by
 */
record BoosterTree(int depth, int[] right, float[] number, int[] feature, boolean[] defaultLeft, float[] cover) {

    /** Far deeper than training goes. */
    static final int DEEPEST = 64;

    /** So that the distance to a child fits 16 bits. */
    private static final int MOST_NODES = 0xFFFF;

    private static final int NONE = -1;

    /** The arrays of a tree as the booster's file holds them, unchecked. */
    record Columns(
            int[] left, int[] right, float[] number, int[] feature, int[] defaultLeft, int[] splitType, float[] cover) {

        boolean haveLength(int nodes) {
            return left.length == nodes
                    && right.length == nodes
                    && number.length == nodes
                    && feature.length == nodes
                    && defaultLeft.length == nodes
                    && splitType.length == nodes
                    && cover.length == nodes;
        }
    }

    /**
     * Renumbers the nodes that hang on the root; others (pruned) are left out.
     *
     * @param features of the booster
     * @throws ForestRejected when the columns make no tree of numerical splits
     */
    static BoosterTree of(Columns columns, int features) throws ForestRejected {
        int size = columns.left.length;
        require(size >= 1 && size <= MOST_NODES, "a tree of " + size + " nodes");
        require(columns.haveLength(size), "a tree whose columns differ in length");
        require(Arrays.stream(columns.splitType).allMatch(type -> type == 0), "a split by category");
        int[] order = new int[size];
        int[] level = new int[size];
        int[] right = new int[size];
        boolean[] reached = new boolean[size];
        int count = 1;
        for (int k = 0; k < count; k++) {
            int node = order[k];
            int child = columns.left[node];
            if (child == NONE) {
                require(columns.right[node] == NONE, "a node with one child");
                continue;
            }
            require(child > 0 && child < size - 1, "child " + child + " in a tree of " + size + " nodes");
            require(columns.right[node] == child + 1, "children apart");
            require(!reached[child] && !reached[child + 1], "a node with two parents");
            require(level[k] < DEEPEST, "a tree deeper than " + DEEPEST);
            for (int each = child; each <= child + 1; each++) {
                reached[each] = true;
                level[count] = level[k] + 1;
                order[count++] = each;
            }
            right[k] = count - 1;
        }
        return inOrder(columns, features, Arrays.copyOf(order, count), Arrays.copyOf(right, count), level[count - 1]);
    }

    private static BoosterTree inOrder(Columns columns, int features, int[] order, int[] right, int depth)
            throws ForestRejected {
        float[] number = new float[order.length];
        int[] feature = new int[order.length];
        boolean[] defaultLeft = new boolean[order.length];
        float[] cover = new float[order.length];
        for (int k = 0; k < order.length; k++) {
            int node = order[k];
            number[k] = columns.number[node];
            feature[k] = columns.feature[node];
            defaultLeft[k] = columns.defaultLeft[node] != 0;
            cover[k] = columns.cover[node];
            require(Float.isFinite(number[k]), "a node whose number is " + number[k]);
            require(cover[k] > 0 && Float.isFinite(cover[k]), "a node that covers " + cover[k]);
            require(right[k] == 0 || feature[k] >= 0 && feature[k] < features, "a split by feature " + feature[k]);
        }
        return new BoosterTree(depth, right, number, feature, defaultLeft, cover);
    }

    boolean isLeaf(int node) {
        return right[node] == 0;
    }

    int nodes() {
        return right.length;
    }

    /** The leaves' mean, each weighing what it covers. */
    double mean() {
        double[] mean = new double[nodes()];
        for (int k = nodes() - 1; k >= 0; k--) {
            int child = right[k];
            mean[k] = isLeaf(k)
                    ? number[k]
                    : (mean[child - 1] * cover[child - 1] + mean[child] * cover[child]) / cover[k];
        }
        return mean[0];
    }

    private static void require(boolean holds, String found) throws ForestRejected {
        if (!holds) {
            throw new ForestRejected("no booster: found " + found);
        }
    }
}
