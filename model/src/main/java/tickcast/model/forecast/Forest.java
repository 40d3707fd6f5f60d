package tickcast.model.forecast;

import java.util.List;

/**
 * The trees of one booster, read from its own file and walked in Java: bit for bit what XGBoost predicts, without native
 * code. The sum starts from the base score and takes the trees in their order, in floats. Immutable, any thread.
 *
 * <p>A node is one {@code long}: what its split compares with (32 bits, see {@link SplitKeys}), the slot of its feature
 * (16) and how far away its right child is (16); the left one stands just before. A leaf is its own child, so that eight
 * trees can be walked side by side for as many steps as the deepest needs: while one waits for memory, seven go on. A
 * step has no branch. About 2 µs for 300 trees of depth 6.
 */
public final class Forest {

    private static final int LANES = 8;
    private static final long LOW_16 = 0xFFFF;
    /** Less than every key, so that a leaf never sends a row to the left. */
    private static final long NEVER_LESS = (long) Integer.MIN_VALUE << 32;

    private final float baseScore;
    private final int features;
    private final int trees;
    private final long[] nodes;
    private final float[] leaves;
    private final float[] covers;
    private final int[] roots;
    private final int[] depths;
    private final double mean;

    private Forest(BoosterFile file) throws ForestRejected {
        List<BoosterTree> grown = file.trees();
        baseScore = file.baseScore();
        features = file.features();
        trees = grown.size();
        int size = 1 + grown.stream().mapToInt(BoosterTree::nodes).reduce(0, Math::addExact);
        nodes = new long[size];
        leaves = new float[size];
        covers = new float[size];
        depths = new int[(trees + LANES - 1) / LANES];
        roots = new int[depths.length * LANES];
        nodes[0] = NEVER_LESS; // where lanes without a tree stand,
        leaves[0] = -0f; // adding what changes no sum, not even that of −0
        double means = 0;
        int root = 1;
        for (int t = 0; t < trees; t++) {
            BoosterTree tree = grown.get(t);
            plant(tree, root);
            roots[t] = root;
            depths[t / LANES] = Math.max(depths[t / LANES], tree.depth());
            means += tree.mean();
            root += tree.nodes();
        }
        mean = baseScore + means;
    }

    /**
     * Reads a booster that XGBoost 2.1 wrote as UBJ. The bytes need not be trusted: time and memory are bounded by their
     * number.
     *
     * @throws ForestRejected when they are no booster, or one that can't be scored exactly (categories, several outputs,
     *     an objective that transforms the sum)
     */
    public static Forest read(byte[] ubj) throws ForestRejected {
        return new Forest(BoosterFile.read(ubj));
    }

    private void plant(BoosterTree tree, int root) {
        for (int k = 0; k < tree.nodes(); k++) {
            covers[root + k] = tree.cover()[k];
            if (tree.isLeaf(k)) {
                nodes[root + k] = NEVER_LESS;
                leaves[root + k] = tree.number()[k];
            } else {
                long slot = SplitKeys.slot(tree.feature()[k], tree.defaultLeft()[k], features);
                nodes[root + k] = (long) SplitKeys.of(tree.number()[k]) << 32 | slot << 16 | tree.right()[k] - k;
            }
        }
    }

    /** How many features a row has. */
    public int features() {
        return features;
    }

    public int trees() {
        return trees;
    }

    /** What XGBoost predicts for the row. Allocates nothing. */
    public float score(SplitKeys row) {
        requireWidth(row);
        int[] keys = row.keys();
        float sum = baseScore;
        for (int group = 0; group < depths.length; group++) {
            sum = addGroup(sum, group * LANES, depths[group], keys);
        }
        return sum;
    }

    private float addGroup(float start, int first, int depth, int[] keys) {
        int a = roots[first];
        int b = roots[first + 1];
        int c = roots[first + 2];
        int d = roots[first + 3];
        int e = roots[first + 4];
        int f = roots[first + 5];
        int g = roots[first + 6];
        int h = roots[first + 7];
        for (int step = 0; step < depth; step++) {
            a = child(a, keys);
            b = child(b, keys);
            c = child(c, keys);
            d = child(d, keys);
            e = child(e, keys);
            f = child(f, keys);
            g = child(g, keys);
            h = child(h, keys);
        }
        float sum = start + leaves[a];
        sum += leaves[b];
        sum += leaves[c];
        sum += leaves[d];
        sum += leaves[e];
        sum += leaves[f];
        sum += leaves[g];
        return sum + leaves[h];
    }

    /** The child that the row goes to; a leaf itself. */
    private int child(int at, int[] keys) {
        long node = nodes[at];
        long difference = keys[(int) node >>> 16] - (node >> 32);
        return at + (int) (node & LOW_16) + (int) (difference >> 63);
    }

    /**
     * What XGBoost predicts for rows that stand one after the other.
     *
     * @param rows row after row, NaN = missing
     * @param count number of rows
     * @return one forecast a row
     */
    public float[] score(float[] rows, int count) {
        SplitKeys keys = new SplitKeys(features);
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            scores[i] = score(keys.fill(rows, i * features));
        }
        return scores;
    }

    /** The mean forecast over the training rows, from which {@link #contributions} lead to a row's own. */
    public double mean() {
        return mean;
    }

    /**
     * How much each feature moved the row's forecast away from {@link #mean()}: exact Shapley values, path dependent, as
     * XGBoost's {@code predictContrib} (which computes in floats). They add up to the forecast less the mean. Some µs a
     * tree.
     *
     * @return one per feature
     */
    public double[] contributions(SplitKeys row) {
        requireWidth(row);
        double[] contributions = new double[features];
        int deepest = 0;
        for (int depth : depths) {
            deepest = Math.max(deepest, depth);
        }
        TreeContributions walk = new TreeContributions(this, row.keys(), deepest, contributions);
        for (int t = 0; t < trees; t++) {
            walk.add(roots[t]);
        }
        return contributions;
    }

    private void requireWidth(SplitKeys row) {
        if (row.features() != features) {
            throw new IllegalArgumentException(
                    "the row has " + row.features() + " features, the forest takes " + features);
        }
    }

    boolean isLeaf(int node) {
        return (nodes[node] & LOW_16) == 0;
    }

    float leaf(int node) {
        return leaves[node];
    }

    float cover(int node) {
        return covers[node];
    }

    int feature(int node) {
        return ((int) nodes[node] >>> 16) % features;
    }

    int right(int node) {
        return node + (int) (nodes[node] & LOW_16);
    }

    /** Where a row goes from a node that is no leaf. */
    int chosen(int node, int[] keys) {
        return child(node, keys);
    }
}
