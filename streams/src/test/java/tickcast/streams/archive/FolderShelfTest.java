package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelRegistry.ModelRejected;

/** The registry of files, and what can happen to files. */
class FolderShelfTest extends ModelRegistryContract {

    @TempDir
    private Path directory;

    private ShelvedModelRegistry registry;

    @BeforeEach
    void openFolder() {
        registry = reopened();
    }

    private ShelvedModelRegistry reopened() {
        return ShelvedModelRegistry.inFolder(directory, SCHEMA, InstantSource.fixed(NOW));
    }

    @Override
    ModelShelf shelf() {
        return new FolderShelf(directory);
    }

    @Override
    void damage(String version, String file, UnaryOperator<byte[]> change) throws IOException {
        Path path = directory.resolve(version).resolve(file);
        Files.write(path, change.apply(Files.readAllBytes(path)));
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
}
