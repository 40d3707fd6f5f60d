package tickcast.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Ensemble;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.NativeFreeServing;
import tickcast.model.forecast.ParityRows;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.TrainedModel;

/** A trained model on its way to those who serve it: without XGBoost, yet with its scores. */
class ServedModelTest {

    private static final Instant NOW = Instant.parse("2024-03-20T00:00:00Z");
    private static final int STARTED_WITHIN_SECONDS = 60;

    private static TrainedModel model;

    @BeforeAll
    static void trainOnce() {
        TrainingSettings settings = TrainingSettings.defaults(SyntheticRows.HORIZON)
                .withBooster(new BoosterSettings(40, 0.1, 4, 20, 0.5, 1, 5, 64));
        model = new ModelTrainer(settings)
                .train(
                        SyntheticRows.rows(14, 1, values -> 0.5 * values[0] - 0.2 * Math.abs(values[1])),
                        "simulated",
                        NOW,
                        Progress.SILENT);
    }

    @Test
    void shouldKeepWhatXgboostSaid() throws IOException {
        ParityRows parity = ParityRows.read(model.files().get(ParityRows.FILE));
        List<String> boosters = model.files().keySet().stream()
                .filter(name -> name.endsWith(".ubj"))
                .sorted()
                .toList();

        assertEquals(ParityRows.MOST, parity.rows().length);
        assertTrue(boosters.contains("huber.ubj"));
        assertEquals(boosters, List.copyOf(parity.forecasts().keySet()));
        assertTrue(Arrays.stream(parity.rows()).anyMatch(row -> Float.isNaN(row[3])), "some value is missing");
        parity.forecasts()
                .forEach((name, forecasts) -> assertArrayEquals(
                        XgboostOracle.predict(model.files().get(name), parity.rows()), forecasts, 0, name));
    }

    @Test
    void shouldRefuseAModelThatScoresUnlikeXgboost() throws IOException {
        ParityRows parity = ParityRows.read(model.files().get(ParityRows.FILE));
        parity.forecasts().get("huber.ubj")[77] = Math.nextUp(parity.forecasts().get("huber.ubj")[77]);

        assertRefused(with(ParityRows.FILE, parity.toJson()), "huber.ubj does not score like XGBoost: stored row 77");
        assertRefused(with("huber.ubj", model.files().get("absolute.ubj")), "huber.ubj does not score like XGBoost");
        assertRefused(with("huber.ubj", new byte[] {1, 2, 3}), "huber.ubj is no booster");
    }

    @Test
    void shouldRefuseAModelWithoutStoredRows() throws IOException {
        Map<String, byte[]> files = new TreeMap<>(model.files());
        files.remove(ParityRows.FILE);
        ParityRows parity = ParityRows.read(model.files().get(ParityRows.FILE));
        parity.forecasts().remove("huber.ubj");

        assertRefused(files, "no file " + ParityRows.FILE);
        assertRefused(with(ParityRows.FILE, parity.toJson()), "no stored forecasts of huber.ubj");
        assertRefused(with(ParityRows.FILE, "{\"rows\":[],\"forecasts\":{}}".getBytes(StandardCharsets.UTF_8)), "rows");
    }

    private static Map<String, byte[]> with(String name, byte[] bytes) {
        Map<String, byte[]> files = new TreeMap<>(model.files());
        files.put(name, bytes);
        return files;
    }

    private static void assertRefused(Map<String, byte[]> files, String why) {
        IOException refused =
                assertThrows(IOException.class, () -> BoosterForecaster.load(new TrainedModel(files, model.card())));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void shouldSayWhatMovedAForecast() throws IOException {
        Ensemble ensemble = Ensemble.load(model.files());
        SplittableRandom random = new SplittableRandom(5);
        int planted = 0;
        try (BoosterForecaster forecaster = BoosterForecaster.load(model)) {
            for (int i = 0; i < 200; i++) {
                FeatureVector vector = SyntheticRows.vector(Symbol.parse("BTC/USD"), NOW, random);
                Explanation why = forecaster.explain(vector).orElseThrow();
                Forecaster.Forecast forecast = forecaster.score(List.of(vector)).get(0);
                double move = forecast.scale() * vector.volatility() * Math.sqrt(SyntheticRows.HORIZON);
                List<Explanation.Contribution> contributions = why.contributions();

                assertEquals(move, why.move());
                assertEquals(ensemble.spec().shrink() * ensemble.mean() * move, why.base());
                assertEquals(forecast.expectedLogReturn(), why.expectedLogReturn(), 1e-9);
                for (int k = 1; k < contributions.size(); k++) {
                    assertTrue(Math.abs(contributions.get(k - 1).logReturn())
                            >= Math.abs(contributions.get(k).logReturn()));
                }
                planted += contributions.get(0).feature().equals("a") ? 1 : 0;
            }
        }
        assertTrue(planted > 120, "the planted signal came first " + planted + " times of 200");
    }

    @Test
    void shouldServeWithoutXgboostOnTheClassPath(@TempDir Path home) throws Exception {
        Path directory = Files.createDirectory(home.resolve("model"));
        Path said = home.resolve("said.txt");
        for (Map.Entry<String, byte[]> file : model.files().entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
        Files.write(directory.resolve("card.json"), ModelCardJson.write(model.card()));

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        classPathWithoutXgboost(),
                        NativeFreeServing.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertTrue(process.waitFor(STARTED_WITHIN_SECONDS, TimeUnit.SECONDS), "still running");
        } finally {
            process.destroyForcibly();
        }

        List<String> answers = Files.readAllLines(said);
        assertEquals(0, process.exitValue(), () -> String.join("\n", answers));
        assertEquals(NativeFreeServing.answers(model), answers);
    }

    private static String classPathWithoutXgboost() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> !entry.contains("xgboost4j"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
