package tickcast.model.training;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.forecast.ParityRows;

/** What XGBoost itself says of a booster's bytes: the measure for everything that scores in its stead. */
final class XgboostOracle {

    private XgboostOracle() {}

    /** Adds to a model's boosters, if there are any, their forecasts for rows spread over the training part. */
    static void storeParity(Map<String, byte[]> boosters, Design design) {
        if (boosters.isEmpty()) {
            return;
        }
        float[][] rows = spread(design);
        Map<String, float[]> forecasts = new TreeMap<>();
        boosters.forEach((name, bytes) -> forecasts.put(name, predict(bytes, rows)));
        boosters.put(ParityRows.FILE, new ParityRows(rows, forecasts).toJson());
    }

    private static float[][] spread(Design design) {
        float[][] rows = new float[Math.min(ParityRows.MOST, design.rows())][];
        for (int i = 0; i < rows.length; i++) {
            int row = (int) ((long) i * design.rows() / rows.length);
            rows[i] = Arrays.copyOfRange(design.matrix(), row * design.width(), (row + 1) * design.width());
        }
        return rows;
    }

    /** @return one forecast a row */
    static float[] predict(byte[] ubj, float[][] rows) {
        int width = rows[0].length;
        float[] matrix = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, matrix, i * width, width);
        }
        Booster booster = null;
        try {
            booster = XGBoost.loadModel(ubj);
            booster.setParam("nthread", 1);
            float[][] predicted = booster.inplace_predict(matrix, rows.length, width, Float.NaN);
            float[] forecasts = new float[rows.length];
            for (int i = 0; i < forecasts.length; i++) {
                forecasts[i] = predicted[i][0];
            }
            return forecasts;
        } catch (IOException | XGBoostError failed) {
            throw new IllegalStateException("XGBoost could not score: " + failed.getMessage(), failed);
        } finally {
            if (booster != null) {
                booster.dispose();
            }
        }
    }
}
