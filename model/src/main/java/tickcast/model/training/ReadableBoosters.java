package tickcast.model.training;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Boosters as JSON beside the binary form: for people, and for programs that read nothing else. Serving takes UBJ. */
final class ReadableBoosters {

    private static final String BINARY = ".ubj";

    private ReadableBoosters() {}

    /** The files given, and {@code huber.json} beside every {@code huber.ubj}. Native memory is released. */
    static Map<String, byte[]> beside(Map<String, byte[]> files) {
        Map<String, byte[]> all = new TreeMap<>(files);
        files.forEach((name, bytes) -> {
            if (name.endsWith(BINARY)) {
                all.put(name.substring(0, name.length() - BINARY.length()) + ".json", json(name, bytes));
            }
        });
        return all;
    }

    private static byte[] json(String name, byte[] binary) {
        try {
            Booster booster = XGBoost.loadModel(binary);
            try {
                return booster.toByteArray("json");
            } finally {
                booster.dispose();
            }
        } catch (XGBoostError | IOException bug) {
            throw new IllegalStateException(name + ", just trained, can't be read: " + bug.getMessage(), bug);
        }
    }
}
