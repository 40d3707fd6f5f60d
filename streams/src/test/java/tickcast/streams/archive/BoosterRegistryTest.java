package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.ParityRows;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.BoosterSettings;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.Progress;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSettings;

/** Boosters in the registry: they come back as they were trained, or not at all. */
class BoosterRegistryTest {

    private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    private static final Instant NOW = START.plus(Duration.ofDays(14));
    private static final Symbol SYMBOL = Symbol.parse("BTC/USD");
    private static final List<String> FEATURES = List.of("a", "b", "c");

    private static TrainedModel trained;

    @TempDir
    private Path directory;

    private ShelvedModelRegistry registry;

    @BeforeAll
    static void trainOnce() {
        SplittableRandom random = new SplittableRandom(1);
        TrainingSet.Builder rows = TrainingSet.builder("test-v1", "feed", FEATURES, 5, List.of(SYMBOL));
        for (Instant asOf = START; asOf.isBefore(NOW); asOf = asOf.plus(Duration.ofMinutes(15))) {
            FeatureVector vector = vector(asOf, random);
            rows.add(vector, 0.001 * (vector.values()[0] + random.nextDouble() - 0.5));
        }
        TrainingSettings settings =
                TrainingSettings.defaults(5).withBooster(new BoosterSettings(20, 0.1, 3, 10, 0.5, 1, 5, 64));
        trained = new ModelTrainer(settings).train(rows.build(START, NOW), "simulated", NOW, Progress.SILENT);
    }

    private static FeatureVector vector(Instant asOf, SplittableRandom random) {
        double[] values = new double[FEATURES.size()];
        for (int j = 0; j < values.length; j++) {
            values[j] = random.nextInt(50) == 0 ? Double.NaN : random.nextDouble() - 0.5;
        }
        values[0] = Double.isNaN(values[0]) ? 0 : values[0];
        return new FeatureVector(SYMBOL, asOf, asOf, "feed", values, 100, 0.0005, "");
    }

    @BeforeEach
    void open() {
        registry = ShelvedModelRegistry.inFolder(directory, "feed", InstantSource.fixed(NOW));
    }

    @Test
    void shouldScoreAndExplainAsBeforeItWasKept() throws IOException {
        registry.register(trained);
        SplittableRandom random = new SplittableRandom(2);
        List<FeatureVector> vectors = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            vectors.add(vector(NOW, random));
        }

        try (Forecaster kept = registry.load("1");
                Forecaster fresh = BoosterForecaster.load(trained)) {
            assertEquals(figures(fresh, vectors), figures(kept, vectors));
            assertFalse(
                    kept.explain(vectors.get(0)).orElseThrow().contributions().isEmpty());
            assertEquals(fresh.explain(vectors.get(0)), kept.explain(vectors.get(0)));
        }
    }

    private static List<List<Double>> figures(Forecaster forecaster, List<FeatureVector> vectors) {
        return forecaster.score(vectors).stream()
                .map(forecast -> List.of(forecast.expectedLogReturn(), forecast.probabilityUp()))
                .toList();
    }

    @Test
    void shouldRefuseEveryFlippedBit() throws IOException {
        registry.register(trained);
        SplittableRandom random = new SplittableRandom(3);
        for (String name : trained.files().keySet()) {
            Path file = directory.resolve("1").resolve(name);
            byte[] sound = Files.readAllBytes(file);
            for (int i = 0; i < 50; i++) {
                byte[] bytes = sound.clone();
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                assertThrows(ModelRejected.class, () -> registry.load("1"), name);
            }
            Files.write(file, sound);
        }
        registry.load("1").close();
    }

    @Test
    void shouldRefuseAModelThatScoresUnlikeXgboostDid() throws IOException {
        ParityRows parity = ParityRows.read(trained.files().get(ParityRows.FILE));
        float[] forecasts = parity.forecasts().get("huber.ubj");
        forecasts[3] = Math.nextDown(forecasts[3]);
        registry.register(with(ParityRows.FILE, parity.toJson()));

        ModelRejected refused = assertThrows(ModelRejected.class, () -> registry.load("1"));

        assertTrue(refused.getMessage().contains("does not score like XGBoost"), refused.getMessage());
    }

    @Test
    void shouldRefuseACraftedBoosterWhoseDigestIsRight() {
        byte[] crafted = trained.files().get("huber.ubj").clone();
        int lengths = new String(crafted, StandardCharsets.ISO_8859_1).indexOf("left_children") + 18;
        crafted[lengths] = 0x7F; // nine quintillion children
        registry.register(with("huber.ubj", crafted));

        assertThrows(ModelRejected.class, () -> registry.load("1"));
    }

    /** The trained model with another file, and a card that knows of it. */
    private static TrainedModel with(String name, byte[] bytes) {
        Map<String, byte[]> files = new HashMap<>(trained.files());
        files.put(name, bytes);
        ModelCard card = trained.card();
        return new TrainedModel(
                files,
                new ModelCard(
                        card.version(),
                        card.source(),
                        card.state(),
                        card.stateReason(),
                        card.createdAt(),
                        card.dataFrom(),
                        card.dataTo(),
                        card.rows(),
                        card.symbols(),
                        card.schemaId(),
                        card.schemaHash(),
                        card.features(),
                        card.horizonMinutes(),
                        card.parameters(),
                        card.metrics(),
                        card.mayPromote(),
                        ModelDigest.of(files)));
    }
}
