package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.ModelCard;
import tickcast.streams.elasticsearch.ElasticsearchSettings;
import tickcast.streams.elasticsearch.ElasticsearchShelf;
import tickcast.streams.elasticsearch.Sandbox;

/** The registry in a real Elasticsearch. */
class ElasticsearchShelfTest extends ModelRegistryContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "/models-models-1";

    @TempDir
    private Path directory;

    private Sandbox sandbox;

    /** JUnit runs it before the contract's, whose shelves need it. */
    @BeforeEach
    @Override
    void open() {
        sandbox = Sandbox.inSharedServer("models");
        super.open();
    }

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Override
    ModelShelf shelf() {
        return shelf(MarketSource.SIMULATED);
    }

    private ModelShelf shelf(MarketSource source) {
        return ElasticsearchShelf.open(sandbox.settings(), source, new SimpleMeterRegistry());
    }

    private static ShelvedModelRegistry registry(ModelShelf shelf) {
        return new ShelvedModelRegistry(shelf, SCHEMA, InstantSource.fixed(NOW));
    }

    @Override
    void damage(String version, String file, UnaryOperator<byte[]> change) throws IOException {
        String source = MarketSource.SIMULATED.key();
        ObjectNode described = document(source + "|version|" + version);
        ObjectNode texts = (ObjectNode) described.path("description");
        if (texts.has(file)) {
            byte[] now = texts.path(file).asText().getBytes(StandardCharsets.UTF_8);
            texts.put(file, new String(change.apply(now), StandardCharsets.UTF_8));
            replace(source + "|version|" + version, described);
            return;
        }
        String id = source + "|piece|" + described.path("digest").asText() + "|" + file + "|0";
        ObjectNode piece = document(id);
        replace(id, piece.put("content", change.apply(piece.path("content").binaryValue())));
    }

    private ObjectNode document(String id) throws IOException {
        return (ObjectNode) JSON.readTree(sandbox.ask("GET", INDEX + "/_doc/" + escaped(id), ""))
                .path("_source");
    }

    private void replace(String id, ObjectNode document) throws IOException {
        sandbox.ask("PUT", INDEX + "/_doc/" + escaped(id) + "?refresh=true", JSON.writeValueAsString(document));
    }

    private static String escaped(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    @Test
    void shouldKeepLargeFilesInPiecesAndRefuseOneThatIsMissing() {
        byte[] large = new byte[(9 << 20) + 17];
        new Random(5).nextBytes(large);
        try (ModelShelf shelf = shelf()) {
            Map<String, byte[]> files = Map.of("large.bin", large, "empty.bin", new byte[0]);
            assertTrue(shelf.put("1", files, Map.of("card.json", "{}".getBytes(StandardCharsets.UTF_8))));

            assertArrayEquals(large, shelf.files("1").get("large.bin"));
            assertEquals(0, shelf.files("1").get("empty.bin").length);
        }
    }

    @Test
    void shouldKeepSourcesApart() {
        try (ShelvedModelRegistry one = registry(shelf());
                ShelvedModelRegistry other = registry(shelf(MarketSource.KRAKEN))) {
            one.register(model(1));
            one.promote("1", "first of all");

            assertEquals(List.of(), other.list());
            assertEquals(Optional.empty(), other.champion());
            assertEquals("1", other.register(model(2)).version());
        }
    }

    @Test
    void shouldListMoreThanAPage() {
        try (ShelvedModelRegistry registry = registry(shelf())) {
            for (int i = 1; i <= 105; i++) {
                registry.register(model(i));
            }
            List<ModelCard> cards = registry.list();
            assertEquals(105, cards.size());
            assertEquals("105", cards.get(0).version());
            assertEquals("1", cards.get(104).version());
        }
    }

    @Test
    void shouldTakeOverAFolderAtItsFirstUseOnly() {
        ShelvedModelRegistry folder = ShelvedModelRegistry.inFolder(directory, SCHEMA, InstantSource.fixed(NOW));
        folder.register(model(1));
        folder.register(model(2));
        folder.promote("2", "better in replay");
        try (ShelvedModelRegistry moved = registry(new InheritingShelf(shelf(), new FolderShelf(directory)))) {
            assertEquals(folder.list(), moved.list());
            assertEquals(folder.history(), moved.history());
            moved.load("2").close();
            assertEquals("3", moved.register(model(3)).version());
        }
        folder.promote("1", "too late");
        try (ShelvedModelRegistry again = registry(new InheritingShelf(shelf(), new FolderShelf(directory)))) {
            assertEquals("2", again.champion().orElseThrow().version());
            assertEquals(3, again.list().size());
        }
    }

    @Test
    void shouldSayThatTheStoreIsAway() {
        ElasticsearchSettings nowhere = ElasticsearchSettings.of(
                List.of(URI.create("http://127.0.0.1:1")), Optional.empty(), Optional.empty(), "models");
        try (ShelvedModelRegistry registry =
                registry(ElasticsearchShelf.open(nowhere, MarketSource.SIMULATED, new SimpleMeterRegistry()))) {
            ArchiveUnavailable away = assertThrows(ArchiveUnavailable.class, registry::champion);
            assertTrue(away.getMessage().contains("127.0.0.1:1"), away.getMessage());
            assertThrows(ArchiveUnavailable.class, () -> registry.load("1"));
        }
    }
}
