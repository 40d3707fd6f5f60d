package tickcast.model.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * The walk to be compared with: one array each for thresholds, features and left children, eight trees at a time; leaves
 * lead to themselves. It knows no missing values, which makes it as quick as it is plain: only whole rows score right.
 */
final class PlainWalk {

    private static final int LANES = 8;

    private final float base;
    private final float[] number;
    private final int[] feature;
    private final int[] left;
    private final float[] leaf;
    private final int[] roots;
    private final int[] depths;

    private PlainWalk(JsonNode learner) {
        base = Float.parseFloat(learner.at("/learner_model_param/base_score").textValue());
        JsonNode trees = learner.at("/gradient_booster/model/trees");
        int size = 1;
        for (JsonNode tree : trees) {
            size += tree.get("left_children").size();
        }
        number = new float[size];
        feature = new int[size];
        left = new int[size];
        leaf = new float[size];
        depths = new int[(trees.size() + LANES - 1) / LANES];
        roots = new int[depths.length * LANES];
        plantLeaf(0, -0f);
        int root = 1;
        for (int t = 0; t < trees.size(); t++) {
            roots[t] = root;
            depths[t / LANES] = Math.max(depths[t / LANES], plant(trees.get(t), root, 0));
            root += trees.get(t).get("left_children").size();
        }
    }

    static PlainWalk read(byte[] json) throws IOException {
        return new PlainWalk(new ObjectMapper().readTree(json).get("learner"));
    }

    /** @return depth of the subtree */
    private int plant(JsonNode tree, int root, int node) {
        int at = root + node;
        int child = tree.get("left_children").get(node).intValue();
        float value = Float.parseFloat(tree.get("split_conditions").get(node).asText());
        if (child == -1) {
            plantLeaf(at, value);
            return 0;
        }
        number[at] = value;
        feature[at] = tree.get("split_indices").get(node).intValue();
        left[at] = root + child;
        return 1 + Math.max(plant(tree, root, child), plant(tree, root, child + 1));
    }

    /** Nothing is less than NaN: every row is sent to the right, which is here. */
    private void plantLeaf(int at, float value) {
        leaf[at] = value;
        number[at] = Float.NaN;
        left[at] = at - 1;
    }

    float score(float[] rows, int offset) {
        float sum = base;
        for (int group = 0; group < depths.length; group++) {
            int first = group * LANES;
            int a = roots[first];
            int b = roots[first + 1];
            int c = roots[first + 2];
            int d = roots[first + 3];
            int e = roots[first + 4];
            int f = roots[first + 5];
            int g = roots[first + 6];
            int h = roots[first + 7];
            for (int step = depths[group]; step > 0; step--) {
                a = child(a, rows, offset);
                b = child(b, rows, offset);
                c = child(c, rows, offset);
                d = child(d, rows, offset);
                e = child(e, rows, offset);
                f = child(f, rows, offset);
                g = child(g, rows, offset);
                h = child(h, rows, offset);
            }
            sum += leaf[a];
            sum += leaf[b];
            sum += leaf[c];
            sum += leaf[d];
            sum += leaf[e];
            sum += leaf[f];
            sum += leaf[g];
            sum += leaf[h];
        }
        return sum;
    }

    private int child(int at, float[] rows, int offset) {
        return left[at] + (rows[offset + feature[at]] < number[at] ? 0 : 1);
    }
}
