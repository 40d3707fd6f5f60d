package tickcast.model.forecast;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.TrainedModel;

/** A process of its own that serves a model from a folder, without XGBoost on its class path, and prints what it said. */
public final class NativeFreeServing {

    private static final Instant NOW = Instant.parse("2024-03-20T00:00:00Z");

    private NativeFreeServing() {}

    public static void main(String[] args) throws IOException {
        requireNoXgboost();
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        byte[] card = files.remove("card.json");
        answers(new TrainedModel(files, ModelCardJson.read(card))).forEach(System.out::println);
    }

    private static void requireNoXgboost() {
        try {
            Class.forName("ml.dmlc.xgboost4j.java.XGBoost", false, NativeFreeServing.class.getClassLoader());
        } catch (ClassNotFoundException absent) {
            return;
        }
        throw new IllegalStateException("XGBoost is on the class path");
    }

    /** Forecasts of seeded vectors and the reasons for them. */
    public static List<String> answers(TrainedModel model) throws IOException {
        EnsembleSpec spec = EnsembleSpec.read(model.files().get(EnsembleSpec.FILE));
        SplittableRandom random = new SplittableRandom(7);
        List<String> answers = new ArrayList<>();
        try (BoosterForecaster forecaster = BoosterForecaster.load(model)) {
            for (int i = 0; i < 50; i++) {
                FeatureVector vector = vector(spec, random);
                Forecaster.Forecast forecast = forecaster.score(List.of(vector)).get(0);
                answers.add(forecast.expectedLogReturn() + " " + forecast.probabilityUp() + " "
                        + forecaster.explain(vector));
            }
        }
        return answers;
    }

    private static FeatureVector vector(EnsembleSpec spec, SplittableRandom random) {
        double[] values = new double[spec.schemaSize()];
        for (int j = 0; j < values.length; j++) {
            values[j] = random.nextInt(10) == 0 ? Double.NaN : 4 * random.nextDouble() - 2;
        }
        return new FeatureVector(Symbol.parse("BTC/USD"), NOW, NOW, spec.schemaHash(), values, 100, 0.001, "");
    }
}
