package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Forecaster;
import tickcast.model.market.Symbol;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

class FileModelRegistryTest {

    private static final Instant NOW = Instant.parse("2024-01-20T00:00:00Z");
    private static final String SCHEMA = "feed";

    @TempDir
    private Path directory;

    private FileModelRegistry registry;

    @BeforeEach
    void open() {
        registry = reopened();
    }

    private FileModelRegistry reopened() {
        return new FileModelRegistry(directory, SCHEMA, InstantSource.fixed(NOW));
    }

    @Test
    void shouldBeEmptyAtFirst() {
        assertEquals(List.of(), registry.list());
        assertEquals(Optional.empty(), registry.champion());
        assertEquals(Optional.empty(), registry.find("1"));
        assertThrows(ModelRejected.class, () -> registry.rollback("no reason"));
        assertThrows(ModelRejected.class, () -> registry.promote("1", "no reason"));
        assertThrows(ModelRejected.class, () -> registry.load("1"));
    }

    @Test
    void shouldNumberAndKeepModels() {
        ModelCard first = registry.register(model(1));
        ModelCard second = registry.register(model(2));

        assertEquals("1", first.version());
        assertEquals("2", second.version());
        assertEquals(ModelState.CHALLENGER, first.state());
        assertEquals(List.of(second, first), reopened().list());
        assertEquals(Optional.of(first), reopened().find("1"));
        assertEquals(Optional.empty(), registry.champion());
    }

    @Test
    void shouldLoadWhatItKept() {
        registry.register(model(1));
        registry.register(model(2));
        FeatureVector vector =
                new FeatureVector(Symbol.parse("BTC/USD"), NOW, NOW, SCHEMA, new double[] {1, 0.5}, 100, 0.001, "");

        try (Forecaster forecaster = reopened().load("2")) {
            assertEquals("2", forecaster.card().version());
            assertEquals(
                    0.5 * 2 * 0.5 * 0.001 * Math.sqrt(5),
                    forecaster.score(List.of(vector)).get(0).expectedLogReturn(),
                    1e-15);
        }
    }

    @Test
    void shouldPromoteAndRollBackWithReasons() {
        registry.register(model(1));
        registry.register(model(2));
        registry.register(model(3));

        registry.promote("1", "first of all");
        registry.promote("2", "better in replay");
        ModelCard third = registry.promote("3", "newer");

        assertEquals(ModelState.CHAMPION, third.state());
        assertEquals("newer", third.stateReason());
        assertEquals(ModelState.CHALLENGER, registry.find("2").orElseThrow().state());

        ModelCard back = registry.rollback("live skill fell");

        assertEquals("2", back.version());
        assertEquals(Optional.of(back), reopened().champion());
        assertEquals(ModelState.RETIRED, registry.find("3").orElseThrow().state());
        assertEquals("live skill fell", registry.find("3").orElseThrow().stateReason());
        assertEquals("1", registry.rollback("again").version());
        assertThrows(ModelRejected.class, () -> registry.rollback("once too often"));
        assertEquals("1", registry.champion().orElseThrow().version());
        assertEquals("3", registry.promote("3", "operator").version());
        assertEquals("1", registry.rollback("operator").version());
    }

    @Test
    void shouldRememberEverySwitch() throws IOException {
        registry.register(model(1));
        registry.promote("1", "first of all");

        List<ModelSwitch> switches = RegistryState.read(Files.readAllBytes(directory.resolve("registry.json")))
                .switches();

        assertEquals(switches, reopened().history());
        assertEquals(
                List.of(
                        new ModelSwitch(NOW, ModelSwitch.Action.REGISTER, "1", "registered"),
                        new ModelSwitch(NOW, ModelSwitch.Action.PROMOTE, "1", "first of all")),
                switches);
    }

    @Test
    void shouldPromoteTheChampionAgainWithoutHarm() {
        registry.register(model(1));
        registry.promote("1", "first");
        registry.promote("1", "again");

        assertEquals("again", registry.champion().orElseThrow().stateReason());
        assertThrows(ModelRejected.class, () -> registry.rollback("there is no other"));
    }

    @Test
    void shouldRefuseDamagedFiles() throws IOException {
        registry.register(model(1));
        Path file = directory.resolve("1").resolve(EnsembleSpec.FILE);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThrows(ModelRejected.class, () -> registry.load("1"));
    }

    @Test
    void shouldRefuseAnAddedOrMissingFile() throws IOException {
        registry.register(model(1));
        Files.writeString(directory.resolve("1").resolve("another.bin"), "x");
        assertThrows(ModelRejected.class, () -> registry.load("1"));
        Files.delete(directory.resolve("1").resolve("another.bin"));
        registry.load("1").close();
        Files.delete(directory.resolve("1").resolve(EnsembleSpec.FILE));
        assertThrows(ModelRejected.class, () -> registry.load("1"));
    }

    @Test
    void shouldLeaveOutADamagedCardAndGoOn() throws IOException {
        registry.register(model(1));
        registry.register(model(2));
        registry.promote("1", "first");
        Files.writeString(directory.resolve("1").resolve("card.json"), "{\"version\":");

        assertEquals(
                List.of("2"), registry.list().stream().map(ModelCard::version).toList());
        assertEquals(Optional.empty(), registry.champion());
        assertThrows(ModelRejected.class, () -> registry.load("1"));
        assertEquals("2", registry.promote("2", "the other is damaged").version());
    }

    @Test
    void shouldRefuseAnotherSchema() {
        registry.register(model(1));
        FileModelRegistry other = new FileModelRegistry(directory, "cafe", InstantSource.fixed(NOW));

        ModelRejected refused = assertThrows(ModelRejected.class, () -> other.load("1"));
        assertTrue(refused.getMessage().contains("feed") && refused.getMessage().contains("cafe"));
    }

    @Test
    void shouldRefuseAModelThatIsNotWhatItsCardSays() {
        TrainedModel model = model(1);
        TrainedModel swapped = new TrainedModel(model(2).files(), model.card());
        TrainedModel outside = new TrainedModel(Map.of("../evil", new byte[1]), model.card());

        assertThrows(ModelRejected.class, () -> registry.register(swapped));
        assertThrows(ModelRejected.class, () -> registry.register(outside));
        assertThrows(ModelRejected.class, () -> registry.load("../1"));
    }

    @Test
    void shouldIgnoreAndSweepHalfARegistration() throws IOException {
        registry.register(model(1));
        Path incoming = Files.createDirectory(directory.resolve("incoming"));
        Files.writeString(incoming.resolve("card.json"), "{\"vers");
        Files.writeString(directory.resolve("registry.json.next"), "{\"nextV");

        assertEquals(1, reopened().list().size());
        assertEquals("2", reopened().register(model(2)).version());
        assertFalse(Files.exists(incoming));
    }

    @Test
    void shouldCountAVersionThatWasKeptJustBeforeACrash() throws IOException {
        registry.register(model(1));
        byte[] before = Files.readAllBytes(directory.resolve("registry.json"));
        registry.register(model(2));
        Files.write(directory.resolve("registry.json"), before);

        assertEquals(2, reopened().list().size());
        assertEquals("3", reopened().register(model(3)).version());
    }

    @Test
    void shouldNeverUseANumberAgain() throws IOException {
        registry.register(model(1));
        registry.register(model(2));
        DurableFiles.deleteFolder(directory.resolve("2"));

        assertEquals("3", reopened().register(model(3)).version());
    }

    @Test
    void shouldTakeRegistrationsOfSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> versions = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int weight = i;
                versions.add(
                        threads.submit(() -> reopened().register(model(weight)).version()));
            }
            Set<String> distinct = new TreeSet<>();
            for (Future<String> version : versions) {
                distinct.add(version.get());
            }
            assertEquals(12, distinct.size());
            assertEquals("12", registry.list().get(0).version());
        } finally {
            threads.shutdownNow();
        }
    }

    /** A ridge regression that expects {@code weight} times its second feature. */
    private static TrainedModel model(double weight) {
        EnsembleSpec spec = new EnsembleSpec(
                SCHEMA,
                List.of("second"),
                new int[] {1},
                2,
                5,
                List.of(),
                new EnsembleSpec.Ridge(new double[] {0}, new double[] {1}, new double[] {weight}, 0),
                0.5,
                1,
                new float[] {-9},
                new float[] {9});
        Map<String, byte[]> files = Map.of(EnsembleSpec.FILE, spec.toJson());
        ModelCard card = new ModelCard(
                "",
                "simulated",
                ModelState.CHALLENGER,
                "just trained",
                NOW,
                NOW.minus(Duration.ofDays(14)),
                NOW,
                1000,
                List.of("BTC/USD"),
                "test-v1",
                SCHEMA,
                List.of("second"),
                5,
                Map.of("seed", "17"),
                Map.of("skill", 0.01, "skillLow", Double.NaN),
                true,
                ModelDigest.of(files));
        return new TrainedModel(files, card);
    }
}
