package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/** What people and MLflow find in a model's folder, and what is noticed when somebody changed it. */
class ModelFolderTest {

    private static final Instant NOW = Instant.parse("2024-01-20T00:00:00Z");

    @TempDir
    private Path directory;

    private ShelvedModelRegistry registry;
    private Path folder;

    @BeforeEach
    void register() {
        registry = ShelvedModelRegistry.inFolder(directory, "feed", InstantSource.fixed(NOW));
        registry.register(model());
        folder = directory.resolve("1");
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void shouldDescribeAModelForPeople() throws IOException {
        String page = read("README.md");

        for (String expected : List.of(
                "# Model 1 of simulated",
                "**CHALLENGER**: registered",
                "| data from | 2024-01-06T00:00:00.000Z |",
                "| rows | 1,000 |",
                "| seed | 17 |",
                "revision abc123",
                "0.01000 (0.00200 to not known)",
                "- `second`",
                "| shrink | 0.5 \\| x |")) {
            assertTrue(page.contains(expected), expected + " in\n" + page);
        }
    }

    @Test
    void shouldFollowEverySwitchOnThePage() throws IOException {
        registry.register(model());
        registry.promote("1", "there was no champion");
        registry.promote("2", "better in replay");
        assertTrue(read("README.md").contains("**CHALLENGER**: version 2 was promoted: better in replay"));
        assertTrue(read("README.md").contains("| PROMOTE | there was no champion |"));

        registry.retire("1", "two newer challengers");
        registry.note(ModelSwitch.Action.SILENCE, "2", "worse than naive");

        assertTrue(read("README.md").contains("**RETIRED**: two newer challengers"));
        folder = directory.resolve("2");
        assertTrue(read("README.md").contains("| SILENCE | worse than naive |"));
        registry.load("1").close();
        registry.load("2").close();
    }

    @Test
    void shouldDescribeWhatGoesInAndComesOut() throws IOException {
        JsonNode signature = new ObjectMapper().readTree(read("signature.json"));

        assertEquals("feed", signature.get("schemaHash").asText());
        assertEquals("second", signature.get("features").get(0).asText());
        assertEquals(5, signature.get("horizonMinutes").asInt());
    }

    @Test
    void shouldDescribeAModelForMlflow() throws IOException {
        String yaml = read("MLmodel");

        assertTrue(yaml.startsWith("flavors:\n  tickcast:\n    ensemble: \"ensemble.json\"\n"), yaml);
        assertTrue(yaml.contains("utc_time_created: \"2024-01-20 00:00:00.000000\"\n"), yaml);
        assertTrue(yaml.contains("inputs: \"[{\\\"type\\\":\\\"float\\\",\\\"name\\\":\\\"second\\\""), yaml);
    }

    @Test
    void shouldListSumsThatSha256sumUnderstands() throws IOException, NoSuchAlgorithmException {
        List<String> lines = read("SHA256SUMS").lines().toList();

        assertEquals(
                List.of("MLmodel", "card.json", "ensemble.json", "signature.json"),
                lines.stream().map(line -> line.substring(66)).toList());
        for (String line : lines) {
            byte[] bytes = Files.readAllBytes(folder.resolve(line.substring(66)));
            assertEquals(
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                    line.substring(0, 64));
        }
    }

    @Test
    void shouldRefuseAChangedCardOrSignature() throws IOException {
        String card = read("card.json");
        Files.writeString(folder.resolve("card.json"), card.replace("\"mayPromote\" : true", "\"mayPromote\" : false"));
        assertThrows(ModelRejected.class, () -> registry.load("1"));
        assertEquals(Optional.empty(), registry.find("1"));

        Files.writeString(folder.resolve("card.json"), card);
        registry.load("1").close();
        Files.writeString(
                folder.resolve("signature.json"), read("signature.json").replace("second", "first"));
        assertThrows(ModelRejected.class, () -> registry.load("1"));
    }

    @Test
    void shouldNotMindNotesOnThePage() throws IOException {
        Files.writeString(folder.resolve("README.md"), "a note of mine");

        registry.load("1").close();
        assertEquals("1", registry.promote("1", "still good").version());
    }

    @Test
    void shouldRetireChallengersButNeverTheChampion() {
        registry.register(model());
        registry.promote("2", "first of all");

        assertEquals(ModelState.RETIRED, registry.retire("1", "older").state());
        assertThrows(ModelRejected.class, () -> registry.retire("2", "no"));
        assertThrows(ModelRejected.class, () -> registry.retire("9", "no"));
    }

    @Test
    void shouldKnowThePredecessor() {
        registry.register(model());
        assertEquals(Optional.empty(), registry.predecessor());
        registry.promote("1", "first of all");
        assertEquals(Optional.empty(), registry.predecessor());
        registry.promote("2", "better");
        assertEquals("1", registry.predecessor().orElseThrow().version());
        registry.retire("1", "its live skill is credibly below naive");
        assertEquals(Optional.empty(), registry.predecessor());
        assertThrows(ModelRejected.class, () -> registry.rollback("operator"));
    }

    @Test
    void shouldRememberSilenceUntilItEnds() {
        registry.promote("1", "first of all");
        assertEquals(Optional.empty(), registry.silence());
        registry.note(ModelSwitch.Action.SILENCE, "1", "worse than naive");
        registry.note(ModelSwitch.Action.SILENCE, "1", "worse than naive");
        ShelvedModelRegistry reopened = ShelvedModelRegistry.inFolder(directory, "feed", InstantSource.fixed(NOW));
        assertEquals(Optional.of("worse than naive"), reopened.silence());
        assertEquals(3, reopened.history().size());

        registry.note(ModelSwitch.Action.SPEAK, "1", "above naive again");
        assertEquals(Optional.empty(), registry.silence());
        registry.note(ModelSwitch.Action.SILENCE, "1", "worse than naive");
        registry.promote("1", "the operator insists");
        assertEquals(Optional.empty(), registry.silence());
    }

    private static TrainedModel model() {
        EnsembleSpec spec = new EnsembleSpec(
                "feed",
                List.of("second"),
                new int[] {1},
                2,
                5,
                List.of(),
                new EnsembleSpec.Ridge(new double[] {0}, new double[] {1}, new double[] {1}, 0),
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
                NOW.minusSeconds(14 * 86_400),
                NOW,
                1000,
                List.of("BTC/USD"),
                "test-v1",
                "feed",
                List.of("second"),
                5,
                Map.of("seed", "17", "codeRevision", "abc123", "shrink", "0.5 | x"),
                Map.of("skill", 0.01, "skillLow", 0.002, "skillHigh", Double.NaN),
                true,
                ModelDigest.of(files));
        return new TrainedModel(files, card);
    }
}
