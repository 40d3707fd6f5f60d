package tickcast.http.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tickcast.model.archive.Archive;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.ModelRegistry;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.FileModelRegistry;

/** What is kept of one market source, for commands that only read: takes no lock and makes nothing that is absent. */
record KeptSource(Settings settings, MarketSource source) {

    private static final String MODELS = "models";

    Path dataDirectory() {
        return settings.dataDirectory();
    }

    /** The source's models, if there ever was one. */
    Optional<ModelRegistry> models() {
        Path folder = dataDirectory().resolve(source.key()).resolve(MODELS);
        return Files.isDirectory(folder) ? Optional.of(registry(folder)) : Optional.empty();
    }

    /** A registry at a place, made when it is absent. */
    static ModelRegistry registry(Path folder) {
        return new FileModelRegistry(folder, FeatureSchema.current().hash(), InstantSource.system());
    }

    /** @throws CommandFailed when nothing is kept of the source */
    Archive archive() {
        requireArchive();
        return Stores.openReady(settings, source);
    }

    /** @throws CommandFailed when nothing is kept of the source; what Elasticsearch keeps shows when it is asked */
    void requireArchive() {
        boolean embedded = settings.store().elasticsearch().isEmpty();
        if (embedded && !Files.exists(EmbeddedArchive.file(dataDirectory(), source))) {
            throw new CommandFailed(nothing("records"));
        }
    }

    /** Says that something is absent, and where else there is something. @param what in the plural */
    String nothing(String what) {
        List<String> others = others();
        String text = "There are no " + what + " of " + source.key() + " in " + dataDirectory();
        return others.isEmpty()
                ? text + " (DATA_DIRECTORY)"
                : text + "; it has " + String.join(", ", others) + ": choose with --source";
    }

    private List<String> others() {
        if (!Files.isDirectory(dataDirectory())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(dataDirectory())) {
            return folders.filter(folder ->
                            Files.exists(folder.resolve("tickcast.db")) || Files.isDirectory(folder.resolve(MODELS)))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.equals(source.key()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + dataDirectory() + " can't be read", e);
        }
    }
}
