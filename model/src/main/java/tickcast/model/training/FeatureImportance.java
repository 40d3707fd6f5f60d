package tickcast.model.training;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.TrainedModel;

/**
 * What the boosters of models lean on: each feature's share of the loss that splits saved, averaged over boosters and
 * models. Single-threaded.
 */
final class FeatureImportance {

    private final Map<String, Double> price = new TreeMap<>();
    private final Map<String, Double> scale = new TreeMap<>();

    /** Adds a model's. Costs some milliseconds. */
    void add(TrainedModel model) {
        try {
            EnsembleSpec spec = EnsembleSpec.read(model.files().get(EnsembleSpec.FILE));
            for (String file : spec.boosters()) {
                add(price, model.files().get(file), spec.features());
            }
            if (spec.scale() != null) {
                add(scale, model.files().get(spec.scale().booster()), spec.features());
            }
        } catch (IOException | XGBoostError bug) {
            throw new IllegalStateException("a model just trained can't be read", bug);
        }
    }

    private static void add(Map<String, Double> sums, byte[] bytes, List<String> features)
            throws IOException, XGBoostError {
        Booster booster = XGBoost.loadModel(bytes);
        try {
            booster.getScore(features.toArray(String[]::new), "total_gain")
                    .forEach((feature, gain) -> sums.merge(feature, gain, Double::sum));
        } finally {
            booster.dispose();
        }
    }

    void addAll(FeatureImportance other) {
        other.price.forEach((feature, gain) -> price.merge(feature, gain, Double::sum));
        other.scale.forEach((feature, gain) -> scale.merge(feature, gain, Double::sum));
    }

    /** Shares of those that forecast the price, the largest first; empty without a booster. */
    Map<String, Double> ofPrice() {
        return shares(price);
    }

    /** Shares of the one that forecasts the size of moves, likewise. */
    Map<String, Double> ofScale() {
        return shares(scale);
    }

    private static Map<String, Double> shares(Map<String, Double> sums) {
        double all = sums.values().stream().mapToDouble(Double::doubleValue).sum();
        Map<String, Double> shares = new LinkedHashMap<>();
        sums.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(entry -> shares.put(entry.getKey(), entry.getValue() / all));
        return shares;
    }
}
