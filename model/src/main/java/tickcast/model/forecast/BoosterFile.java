package tickcast.model.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A booster's own file as XGBoost 2.1 writes it (UBJ), read without XGBoost. Only what {@link Forest} can score exactly
 * is accepted: trees of numerical splits, one output, objectives that leave the sum of the leaves as it is. Schema:
 * xgboost.readthedocs.io, "Introduction to Model IO".
 */
final class BoosterFile {

    /** Whose forecast is the plain sum. */
    private static final Set<String> PLAIN_SUMS =
            Set.of("reg:pseudohubererror", "reg:absoluteerror", "reg:squarederror");

    /** So that twice as many fit 16 bits. */
    private static final int MOST_FEATURES = 0x7FFF;

    private static final int LONGEST_TEXT = 64;
    private static final int[] NO_INTEGERS = {};
    private static final float[] NO_FLOATS = {};

    private final UbjReader in;
    private final List<BoosterTree.Columns> columns = new ArrayList<>();
    private String kind = "";
    private String objective = "";
    private String baseScoreText = "";
    private int features;
    private int classes;
    private int targets = 1;
    private int declaredTrees = -1;
    private int[] groups = NO_INTEGERS;
    private float baseScore;

    private BoosterFile(byte[] bytes) {
        in = new UbjReader(bytes);
    }

    /** @throws ForestRejected when the bytes are no such booster */
    static BoosterFile read(byte[] bytes) throws ForestRejected {
        BoosterFile file = new BoosterFile(bytes);
        file.readAll();
        file.check();
        return file;
    }

    /** What the sum of the leaves starts from. */
    float baseScore() {
        return baseScore;
    }

    int features() {
        return features;
    }

    /** In the order of their growth. */
    List<BoosterTree> trees() throws ForestRejected {
        List<BoosterTree> trees = new ArrayList<>(columns.size());
        for (BoosterTree.Columns each : columns) {
            trees.add(BoosterTree.of(each, features));
        }
        return trees;
    }

    private void readAll() throws ForestRejected {
        in.object(key -> {
            if (key.equals("learner")) {
                in.object(this::readLearner);
            } else {
                in.skip();
            }
        });
        in.end();
    }

    private void readLearner(String key) throws ForestRejected {
        switch (key) {
            case "learner_model_param" -> in.object(this::readShape);
            case "objective" ->
                in.object(field -> {
                    if (field.equals("name")) {
                        objective = in.string(LONGEST_TEXT);
                    } else {
                        in.skip();
                    }
                });
            case "gradient_booster" -> in.object(this::readBooster);
            default -> in.skip();
        }
    }

    private void readShape(String key) throws ForestRejected {
        switch (key) {
            case "base_score" -> baseScoreText = in.string(LONGEST_TEXT);
            case "num_feature" -> features = number();
            case "num_class" -> classes = number();
            case "num_target" -> targets = number();
            default -> in.skip();
        }
    }

    private void readBooster(String key) throws ForestRejected {
        switch (key) {
            case "name" -> kind = in.string(LONGEST_TEXT);
            case "model" -> in.object(this::readModel);
            default -> in.skip();
        }
    }

    private void readModel(String key) throws ForestRejected {
        switch (key) {
            case "gbtree_model_param" ->
                in.object(field -> {
                    if (field.equals("num_trees")) {
                        declaredTrees = number();
                    } else {
                        in.skip();
                    }
                });
            case "tree_info" -> groups = in.integers();
            case "trees" -> in.array(() -> columns.add(new TreeFields().read()));
            default -> in.skip();
        }
    }

    /** The fields of one tree while they are read. */
    private final class TreeFields {
        private int[] left = NO_INTEGERS;
        private int[] right = NO_INTEGERS;
        private int[] feature = NO_INTEGERS;
        private int[] defaultLeft = NO_INTEGERS;
        private int[] splitType = NO_INTEGERS;
        private float[] number = NO_FLOATS;
        private float[] cover = NO_FLOATS;

        BoosterTree.Columns read() throws ForestRejected {
            in.object(this::readField);
            return new BoosterTree.Columns(left, right, number, feature, defaultLeft, splitType, cover);
        }

        private void readField(String key) throws ForestRejected {
            switch (key) {
                case "left_children" -> left = in.integers();
                case "right_children" -> right = in.integers();
                case "split_indices" -> feature = in.integers();
                case "default_left" -> defaultLeft = in.integers();
                case "split_type" -> splitType = in.integers();
                case "split_conditions" -> number = in.floats();
                case "sum_hessian" -> cover = in.floats();
                default -> in.skip();
            }
        }
    }

    /** A whole number, which XGBoost writes as text. */
    private int number() throws ForestRejected {
        String text = in.string(LONGEST_TEXT);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException none) {
            throw new ForestRejected("no booster: found '" + text + "' where a whole number belongs");
        }
    }

    private void check() throws ForestRejected {
        require(kind.equals("gbtree"), "a booster of kind '" + kind + "'");
        require(PLAIN_SUMS.contains(objective), "the objective '" + objective + "'");
        require(features >= 1 && features <= MOST_FEATURES, features + " features");
        require(classes <= 1 && targets == 1, classes + " classes and " + targets + " targets");
        require(columns.size() == declaredTrees, columns.size() + " of " + declaredTrees + " trees");
        require(groups.length == columns.size(), groups.length + " groups for " + columns.size() + " trees");
        for (int group : groups) {
            require(group == 0, "a tree for output " + group);
        }
        try {
            baseScore = Float.parseFloat(baseScoreText);
        } catch (NumberFormatException none) {
            throw new ForestRejected("no booster: found base score '" + baseScoreText + "'");
        }
        require(Float.isFinite(baseScore), "base score " + baseScoreText);
    }

    private static void require(boolean holds, String found) throws ForestRejected {
        if (!holds) {
            throw new ForestRejected("no booster: found " + found);
        }
    }
}
