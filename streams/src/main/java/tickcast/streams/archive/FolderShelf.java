package tickcast.streams.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Models as files: a folder per version ({@code 17/card.json} and other {@linkplain ModelDescription descriptions} beside
 * the model's files), which but for its README never changes once it is there, and {@code registry.json} with the state.
 * A version is written aside, forced to disk and renamed, so that a crash leaves a whole version or none; leftovers are
 * swept by the next version. Threads and processes take turns by a lock file; reading takes no lock.
 */
public final class FolderShelf implements ModelShelf {

    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final String STATE = "registry.json";
    private static final String INCOMING = "incoming";

    private final Path directory;
    private final RegistryLock lock;

    /** @param directory made when absent; one per market source */
    public FolderShelf(Path directory) {
        this.directory = directory.toAbsolutePath().normalize();
        this.lock = new RegistryLock(this.directory);
        using(() -> Files.createDirectories(this.directory));
    }

    @Override
    public long newest() {
        return using(() -> versions().stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private List<Long> versions() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(this::has)
                    .map(Long::valueOf)
                    .toList();
        }
    }

    @Override
    public boolean has(String version) {
        return VERSION.matcher(version).matches() && Files.isDirectory(directory.resolve(version));
    }

    @Override
    public Optional<Map<String, byte[]>> description(String version) {
        return using(() -> has(version) ? Optional.of(read(version, true)) : Optional.empty());
    }

    @Override
    public SortedMap<Long, Map<String, byte[]>> descriptions() {
        return using(() -> {
            SortedMap<Long, Map<String, byte[]>> all = new TreeMap<>(Comparator.reverseOrder());
            for (long version : versions()) {
                all.put(version, read(Long.toString(version), true));
            }
            return all;
        });
    }

    @Override
    public Map<String, byte[]> files(String version) {
        return using(() -> read(version, false));
    }

    private Map<String, byte[]> read(String version, boolean describing) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve(version))) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                if (ModelDescription.isOne(name) == describing && !name.equals(ModelDescription.README)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    @Override
    public boolean put(String version, Map<String, byte[]> files, Map<String, byte[]> description) {
        return using(() -> lock.holding(() -> {
            if (has(version)) {
                return false;
            }
            Path incoming = directory.resolve(INCOMING);
            sweep(incoming);
            Files.createDirectory(incoming);
            Map<String, byte[]> all = new TreeMap<>(files);
            all.putAll(description);
            for (Map.Entry<String, byte[]> file : all.entrySet()) {
                DurableFiles.write(incoming.resolve(file.getKey()), file.getValue());
            }
            DurableFiles.move(incoming, directory.resolve(version));
            return true;
        }));
    }

    /** Deletes what a crash left behind. */
    private static void sweep(Path incoming) throws IOException {
        if (Files.exists(incoming)) {
            DurableFiles.deleteFolder(incoming);
        }
    }

    @Override
    public Optional<byte[]> state() {
        return using(() -> {
            try {
                return Optional.of(Files.readAllBytes(directory.resolve(STATE)));
            } catch (NoSuchFileException none) {
                return Optional.empty();
            }
        });
    }

    @Override
    public <T> T change(Function<Optional<byte[]>, Next<T>> step) {
        return using(() -> lock.holding(() -> {
            Next<T> next = step.apply(state());
            if (next.state().isPresent()) {
                DurableFiles.replace(directory.resolve(STATE), next.state().get());
            }
            return next.answer();
        }));
    }

    @Override
    public <T> T inTurn(Supplier<T> work) {
        return using(() -> lock.holding(work::get));
    }

    /** The half-written page never lies in the version's folder. */
    @Override
    public void describe(String version, Supplier<byte[]> readme) {
        using(() -> {
            Path next = directory.resolve(ModelDescription.README + ".next");
            DurableFiles.write(next, readme.get());
            DurableFiles.move(next, directory.resolve(version).resolve(ModelDescription.README));
            return next;
        });
    }

    private <T> T using(RegistryLock.Work<T> work) {
        try {
            return work.run();
        } catch (IOException failed) {
            throw new UncheckedIOException("the model folder " + directory + " can't be used", failed);
        }
    }

    @Override
    public void close() {
        // holds nothing between calls
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
