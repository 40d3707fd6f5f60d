package tickcast.model.training;

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
import tickcast.model.registry.LogLinear;

/** Fits an ensemble's members on a part of a training set; the same part and settings give the same bytes. */
final class EnsembleFitter {

    private final TrainingSettings settings;

    EnsembleFitter(TrainingSettings settings) {
        this.settings = settings;
    }

    /**
     * @param calibration what earlier held-out rows taught about how sure such a model is
     * @return files of the model; native memory is released
     */
    Map<String, byte[]> fit(TrainingSet part, Calibration calibration, String phase, Progress progress) {
        Design design = Design.of(part, settings.leastPresence());
        Spread spread = settings.members().contains(Member.SCALE) ? spread(design) : null;
        Map<String, byte[]> files = new TreeMap<>(boosters(design, spread, phase, progress));
        Ridge ridge = settings.members().contains(Member.RIDGE)
                ? RidgeRegression.fit(design.matrix(), design.width(), design.target(), settings.ridgeShare())
                : null;
        float[][] ranges = design.ranges();
        EnsembleSpec spec = new EnsembleSpec(
                part.schemaHash(),
                design.names(),
                design.used(),
                part.features().size(),
                settings.horizonMinutes(),
                files.keySet().stream()
                        .filter(file -> !file.equals(Member.SCALE.file()))
                        .toList(),
                ridge,
                settings.shrink(),
                calibration.upSlope(),
                ranges[0],
                ranges[1],
                spread == null ? null : calibration.scale(spread.base));
        XgboostOracle.storeParity(files, design);
        files.put(EnsembleSpec.FILE, spec.toJson());
        progress.at(phase, 1);
        return files;
    }

    /** What the linear model of volatility expects. @param rest what it leaves to the booster */
    private record Spread(LogLinear base, float[] rest) {}

    private Spread spread(Design design) {
        float[] logs = design.logRealised();
        LogLinear shape = LogLinear.of(design.names());
        float[] inputs = new float[logs.length * shape.width()];
        for (int i = 0; i < logs.length; i++) {
            shape.derive(design.matrix(), i * design.width(), inputs, i * shape.width());
        }
        LogLinear base = shape.withRidge(RidgeRegression.fit(inputs, shape.width(), logs, settings.scaleRidgeShare()));
        for (int i = 0; i < logs.length; i++) {
            logs[i] -= (float) base.ridge().apply(inputs, i * shape.width());
        }
        return new Spread(base, logs);
    }

    private Map<String, byte[]> boosters(Design design, Spread spread, String phase, Progress progress) {
        List<Member> members = settings.members().stream()
                .filter(member -> !member.file().isEmpty())
                .toList();
        Map<String, byte[]> files = new TreeMap<>();
        if (members.isEmpty()) {
            return files;
        }
        DMatrix matrix = null;
        try {
            matrix = new DMatrix(design.matrix(), design.rows(), design.width(), Float.NaN);
            for (Member member : members) {
                progress.at(phase, (double) files.size() / settings.members().size());
                matrix.setLabel(member.forecastsPrice() ? design.target() : spread.rest);
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
                XGBoost.train(matrix, parameters(member), settings(member).rounds(), Map.of(), null, null);
        try {
            return booster.toByteArray("ubj");
        } finally {
            booster.dispose();
        }
    }

    private BoosterSettings settings(Member member) {
        return member.forecastsPrice() ? settings.booster() : settings.scaleBooster();
    }

    private Map<String, Object> parameters(Member member) {
        BoosterSettings booster = settings(member);
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
