package tickcast.model.forecast;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A booster grown on seeded rows, a twelfth of whose values are missing, and what XGBoost itself says of other rows. */
public final class GrownBooster {

    private static final int ROWS = 4000;
    private static final double MISSING = 1 / 12.0;

    private final byte[] ubj;
    private final int features;

    private GrownBooster(byte[] ubj, int features) {
        this.ubj = ubj;
        this.features = features;
    }

    public static GrownBooster of(String objective, int depth, int trees, int features, long seed) {
        return of(objective, depth, trees, features, seed, Map.of());
    }

    static GrownBooster of(String objective, int depth, int trees, int features, long seed, Map<String, Object> more) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective", objective);
        parameters.put("tree_method", "hist");
        parameters.put("max_depth", depth);
        parameters.put("eta", 0.1);
        parameters.put("min_child_weight", 2);
        parameters.put("subsample", 0.7);
        parameters.put("colsample_bytree", 0.7);
        parameters.put("max_bin", 64);
        parameters.put("seed", seed);
        parameters.put("nthread", 1);
        parameters.put("verbosity", 0);
        parameters.putAll(more);
        float[] rows = rows(ROWS, features, seed);
        DMatrix matrix = null;
        Booster booster = null;
        try {
            matrix = new DMatrix(rows, ROWS, features, Float.NaN);
            matrix.setLabel(labels(rows, features, seed));
            booster = XGBoost.train(matrix, parameters, trees, Map.of(), null, null);
            return new GrownBooster(booster.toByteArray("ubj"), features);
        } catch (XGBoostError failed) {
            throw new AssertionError(failed);
        } finally {
            dispose(matrix, booster);
        }
    }

    /** Normal values on different scales, some of them missing. */
    public static float[] rows(int count, int features, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] rows = new float[count * features];
        for (int i = 0; i < rows.length; i++) {
            double scale = Math.pow(10, i % features % 5 - 2);
            rows[i] = random.nextDouble() < MISSING ? Float.NaN : (float) (scale * gaussian(random));
        }
        return rows;
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static float[] labels(float[] rows, int features, long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        float[] labels = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
            double label = gaussian(random);
            for (int j = 0; j < Math.min(6, features); j++) {
                float value = rows[i * features + j];
                double standard = Float.isNaN(value) ? 0.5 : value / Math.pow(10, j % 5 - 2);
                label += j % 2 == 0 ? standard : Math.abs(standard) - 1;
            }
            labels[i] = (float) label;
        }
        return labels;
    }

    public byte[] ubj() {
        return ubj.clone();
    }

    /** The same booster as XGBoost writes it in JSON. */
    public byte[] json() {
        Booster booster = null;
        try {
            booster = XGBoost.loadModel(ubj);
            return booster.toByteArray("json");
        } catch (IOException | XGBoostError failed) {
            throw new AssertionError(failed);
        } finally {
            dispose(null, booster);
        }
    }

    public int features() {
        return features;
    }

    /** What XGBoost predicts for rows that stand one after the other. */
    float[] oracle(float[] rows) {
        Booster booster = null;
        try {
            booster = XGBoost.loadModel(ubj);
            booster.setParam("nthread", 1);
            float[][] predicted = booster.inplace_predict(rows, rows.length / features, features, Float.NaN);
            float[] scores = new float[predicted.length];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = predicted[i][0];
            }
            return scores;
        } catch (IOException | XGBoostError failed) {
            throw new AssertionError(failed);
        } finally {
            dispose(null, booster);
        }
    }

    /** What XGBoost says each feature contributed, a row each; the last place is the mean. */
    float[][] contributionOracle(float[] rows) {
        DMatrix matrix = null;
        Booster booster = null;
        try {
            matrix = new DMatrix(rows, rows.length / features, features, Float.NaN);
            booster = XGBoost.loadModel(ubj);
            booster.setParam("nthread", 1);
            return booster.predictContrib(matrix, 0);
        } catch (IOException | XGBoostError failed) {
            throw new AssertionError(failed);
        } finally {
            dispose(matrix, booster);
        }
    }

    private static void dispose(DMatrix matrix, Booster booster) {
        if (matrix != null) {
            matrix.dispose();
        }
        if (booster != null) {
            booster.dispose();
        }
    }
}
