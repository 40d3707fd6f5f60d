package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
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

/** What a registry does on whatever shelf. */
abstract class ModelRegistryContract {

    static final Instant NOW = Instant.parse("2024-01-20T00:00:00Z");
    static final String SCHEMA = "feed";

    @TempDir
    private Path exports;

    private final List<ModelShelf> opened = new ArrayList<>();

    private ShelvedModelRegistry registry;

    /** Another way to the same shelf, as another node has it. */
    abstract ModelShelf shelf();

    /** Changes a file of a version behind the registry's back. */
    abstract void damage(String version, String file, UnaryOperator<byte[]> change) throws IOException;

    @BeforeEach
    void open() {
        registry = reopened();
    }

    @AfterEach
    void closeAll() {
        opened.forEach(ModelShelf::close);
    }

    private ShelvedModelRegistry reopened() {
        return reopened(SCHEMA);
    }

    private synchronized ShelvedModelRegistry reopened(String schema) {
        ModelShelf shelf = shelf();
        opened.add(shelf);
        return new ShelvedModelRegistry(shelf, schema, InstantSource.fixed(NOW));
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
    void shouldPromoteTheChampionAgainWithoutHarm() {
        registry.register(model(1));
        registry.promote("1", "first");
        registry.promote("1", "again");

        assertEquals("again", registry.champion().orElseThrow().stateReason());
        assertThrows(ModelRejected.class, () -> registry.rollback("there is no other"));
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
    void shouldRememberEverySwitch() {
        registry.register(model(1));
        registry.promote("1", "first of all");

        assertEquals(
                List.of(
                        new ModelSwitch(NOW, ModelSwitch.Action.REGISTER, "1", "registered"),
                        new ModelSwitch(NOW, ModelSwitch.Action.PROMOTE, "1", "first of all")),
                reopened().history());
    }

    @Test
    void shouldRefuseDamagedFiles() throws IOException {
        registry.register(model(1));
        damage("1", EnsembleSpec.FILE, bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        ModelRejected refused =
                assertThrows(ModelRejected.class, () -> reopened().load("1"));
        assertTrue(refused.getMessage().contains("damaged"), refused.getMessage());
    }

    @Test
    void shouldRefuseFilesThatAreNotWhole() throws IOException {
        registry.register(model(1));
        damage("1", EnsembleSpec.FILE, bytes -> Arrays.copyOf(bytes, bytes.length - 1));

        assertThrows(ModelRejected.class, () -> reopened().load("1"));
    }

    @Test
    void shouldLeaveOutADamagedCardAndGoOn() throws IOException {
        registry.register(model(1));
        registry.register(model(2));
        registry.promote("1", "first");
        damage("1", "card.json", bytes -> "{\"version\":".getBytes(StandardCharsets.UTF_8));

        assertEquals(
                List.of("2"), registry.list().stream().map(ModelCard::version).toList());
        assertEquals(Optional.empty(), registry.champion());
        assertThrows(ModelRejected.class, () -> registry.load("1"));
        assertEquals("2", registry.promote("2", "the other is damaged").version());
    }

    @Test
    void shouldRefuseACardThatWasRaised() throws IOException {
        registry.register(model(1));
        damage(
                "1",
                "card.json",
                bytes -> new String(bytes, StandardCharsets.UTF_8)
                        .replace("\"mayPromote\" : true", "\"mayPromote\" : false")
                        .getBytes(StandardCharsets.UTF_8));

        assertThrows(ModelRejected.class, () -> registry.load("1"));
        assertEquals(Optional.empty(), registry.find("1"));
    }

    @Test
    void shouldRefuseAnotherSchema() {
        registry.register(model(1));

        ModelRejected refused =
                assertThrows(ModelRejected.class, () -> reopened("cafe").load("1"));
        assertTrue(refused.getMessage().contains("feed") && refused.getMessage().contains("cafe"));
    }

    @Test
    void shouldHaveOneChampionWhoeverPromotesAtOnce() throws Exception {
        for (int i = 0; i < 6; i++) {
            registry.register(model(i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<ModelCard>> promotions = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                String version = Integer.toString(i);
                ShelvedModelRegistry node = reopened();
                promotions.add(threads.submit(() -> node.promote(version, "by node " + version)));
            }
            for (Future<ModelCard> promotion : promotions) {
                promotion.get();
            }
        } finally {
            threads.shutdownNow();
        }

        List<String> champions = registry.list().stream()
                .filter(card -> card.state() == ModelState.CHAMPION)
                .map(ModelCard::version)
                .toList();
        List<ModelSwitch> history = registry.history();
        assertEquals(List.of(history.get(history.size() - 1).version()), champions);
        assertEquals(12, history.size());
    }

    @Test
    void shouldExportAFolderThatARegistryOfFilesCouldHaveWritten() throws IOException {
        registry.register(model(1));
        registry.promote("1", "first of all");
        Path exported = exports.resolve("one");
        registry.export("1", exported);

        assertEquals(
                List.of("MLmodel", "README.md", "SHA256SUMS", "card.json", EnsembleSpec.FILE, "signature.json"),
                names(exported));
        assertTrue(Files.readString(exported.resolve("README.md")).contains("**CHAMPION**: first of all"));
        assertThrows(ModelRejected.class, () -> registry.export("9", exports.resolve("nine")));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldRefuseAModelThatIsTooLarge() {
        byte[] large = new byte[(int) (ShelvedModelRegistry.MOST_BYTES / 8)];
        Map<String, byte[]> files = new HashMap<>();
        for (int i = 0; i <= 8; i++) {
            files.put("part" + i, large);
        }

        ModelRejected refused =
                assertThrows(ModelRejected.class, () -> registry.register(new TrainedModel(files, model(1).card())));
        assertTrue(refused.getMessage().contains("too large"), refused.getMessage());
    }

    @Test
    void shouldTakeRegistrationsOfSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<String>> versions = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                int weight = i;
                ShelvedModelRegistry node = reopened();
                versions.add(threads.submit(() -> node.register(model(weight)).version()));
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
    static TrainedModel model(double weight) {
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
                new float[] {9},
                null);
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
