package tickcast.http.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.EmbeddedArchive;
import tickcast.streams.archive.ShelvedModelRegistry;

/** What is kept of one market source, for commands that only read: takes no lock and makes nothing that is absent. */
record KeptSource(Settings settings, MarketSource source) {

    Path dataDirectory() {
        return settings.dataDirectory();
    }

    /** Where it is kept, for messages. */
    String where() {
        return settings.store().elasticsearch().isPresent()
                ? "Elasticsearch"
                : dataDirectory().toString();
    }

    /** Opens the source's models for some work, if there ever was one. */
    <T> T models(Function<Optional<ShelvedModelRegistry>, T> work) {
        Path folder = DataDirectory.models(dataDirectory().resolve(source.key()));
        if (settings.store().elasticsearch().isEmpty() && !Files.isDirectory(folder)) {
            return work.apply(Optional.empty());
        }
        try (ShelvedModelRegistry models = Stores.models(settings, source)) {
            return work.apply(Optional.of(models));
        }
    }

    /** As above. @throws CommandFailed when there never was one */
    <T> T someModels(Function<ShelvedModelRegistry, T> work) {
        return models(models -> work.apply(models.orElseThrow(() -> new CommandFailed(nothing("models")))));
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
        String text = "There are no " + what + " of " + source.key() + " in " + where();
        if (settings.store().elasticsearch().isPresent()) {
            return text + "; choose another market with --source";
        }
        return others.isEmpty()
                ? text + " (DATA_DIRECTORY)"
                : text + "; it has " + String.join(", ", others) + ": choose with --source";
    }

    private List<String> others() {
        if (!Files.isDirectory(dataDirectory())) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(dataDirectory())) {
            return folders.filter(folder -> Files.exists(folder.resolve("tickcast.db"))
                            || Files.isDirectory(DataDirectory.models(folder)))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.equals(source.key()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the data directory " + dataDirectory() + " can't be read", e);
        }
    }
}
