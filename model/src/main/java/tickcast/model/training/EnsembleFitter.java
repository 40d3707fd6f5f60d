package tickcast.model.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.EnsembleSpec.Ridge;

/** Fits an ensemble's members on a part of a training set; the same part and settings give the same bytes. */
final class EnsembleFitter {

    private final TrainingSettings settings;

    EnsembleFitter(TrainingSettings settings) {
        this.settings = settings;
    }

    /** @return files of the model; native memory is released */
    Map<String, byte[]> fit(TrainingSet part, double upSlope, String phase, Progress progress) {
        Design design = Design.of(part, settings.leastPresence());
        float[] target = design.target();
        Map<String, byte[]> files = new TreeMap<>(boosters(design, target, phase, progress));
        Ridge ridge = settings.members().contains(Member.RIDGE)
                ? RidgeRegression.fit(design, target, settings.ridgeShare())
                : null;
        float[][] ranges = design.ranges();
        EnsembleSpec spec = new EnsembleSpec(
                part.schemaHash(),
                design.names(),
                design.used(),
                part.features().size(),
                settings.horizonMinutes(),
                List.copyOf(files.keySet()),
                ridge,
                settings.shrink(),
                upSlope,
                ranges[0],
                ranges[1]);
        XgboostOracle.storeParity(files, design);
        files.put(EnsembleSpec.FILE, spec.toJson());
        progress.at(phase, 1);
        return files;
    }

    private Map<String, byte[]> boosters(Design design, float[] target, String phase, Progress progress) {
        List<Member> members = new ArrayList<>(
                settings.members().stream().filter(Member::isBooster).toList());
        Map<String, byte[]> files = new TreeMap<>();
        if (members.isEmpty()) {
            return files;
        }
        DMatrix matrix = null;
        try {
            matrix = new DMatrix(design.matrix(), design.rows(), design.width(), Float.NaN);
            matrix.setLabel(target);
            for (Member member : members) {
                progress.at(phase, (double) files.size() / settings.members().size());
                files.put(member.file(), grow(matrix, member));
            }
            return files;
        } catch (XGBoostError failed) {
            throw new IllegalStateException("XGBoost could not train: " + failed.getMessage(), failed);
        } finally {
            if (matrix != null) {
                matrix.dispose();
            }
        }
    }

    private byte[] grow(DMatrix matrix, Member member) throws XGBoostError {
        Booster booster =
                XGBoost.train(matrix, parameters(member), settings.booster().rounds(), Map.of(), null, null);
        try {
            return booster.toByteArray("ubj");
        } finally {
            booster.dispose();
        }
    }

    private Map<String, Object> parameters(Member member) {
        BoosterSettings booster = settings.booster();
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("objective", member.objective());
        parameters.put("tree_method", "hist");
        parameters.put("eta", booster.eta());
        parameters.put("max_depth", booster.maxDepth());
        parameters.put("min_child_weight", booster.minChildWeight());
        parameters.put("subsample", booster.subsample());
        parameters.put("colsample_bytree", booster.colsampleByTree());
        parameters.put("lambda", booster.lambda());
        parameters.put("max_bin", booster.maxBin());
        parameters.put("seed", settings.seed());
        parameters.put("nthread", settings.threads());
        parameters.put("verbosity", 0);
        return parameters;
    }
}
