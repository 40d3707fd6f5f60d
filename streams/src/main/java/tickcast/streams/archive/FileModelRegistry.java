package tickcast.streams.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/**
 * Models as files: a folder per version ({@code 17/card.json} and other {@linkplain ModelDescription descriptions} beside
 * the model's files), which but for its README never changes once it is there, and {@code registry.json} with each
 * version's place. A version is written aside, forced to disk and renamed, so
 * that a crash leaves a whole version or none; leftovers are swept by the next registration. Threads and processes take
 * turns by a lock file; reading takes no lock.
 *
 * <p>Blocking. Throws {@link UncheckedIOException} when the disk fails: trying again may help.
 */
public final class FileModelRegistry implements ModelRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(FileModelRegistry.class);
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String STATE = "registry.json";
    private static final String INCOMING = "incoming";

    private final Path directory;
    private final String schemaHash;
    private final InstantSource clock;
    private final RegistryLock lock;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param directory made when absent; one per market source
     * @param schemaHash of the features that this program computes: models of another schema are not loaded
     * @param clock tells when a switch happened
     */
    public FileModelRegistry(Path directory, String schemaHash, InstantSource clock) {
        this.directory = directory.toAbsolutePath().normalize();
        this.schemaHash = schemaHash;
        this.clock = clock;
        this.lock = new RegistryLock(this.directory);
        try {
            Files.createDirectories(this.directory);
        } catch (IOException failed) {
            throw new UncheckedIOException("can't make the model folder " + this.directory, failed);
        }
    }

    @Override
    public List<ModelCard> list() {
        return reading(() -> {
            RegistryState state = state();
            List<ModelCard> cards = new ArrayList<>();
            for (long version : versions()) {
                readable(Long.toString(version), state).ifPresent(cards::add);
            }
            cards.sort(Comparator.comparingLong((ModelCard card) -> Long.parseLong(card.version()))
                    .reversed());
            return List.copyOf(cards);
        });
    }

    /** A card that can't be read is left out and told once: the others go on. */
    private Optional<ModelCard> readable(String version, RegistryState state) throws IOException {
        try {
            return Optional.of(card(version, state));
        } catch (ModelRejected damaged) {
            if (told.add(version)) {
                LOG.warn("Model {} is left out: {}", version, damaged.getMessage());
            }
            return Optional.empty();
        }
    }

    @Override
    public Optional<ModelCard> find(String version) {
        return reading(() -> exists(version) ? readable(version, state()) : Optional.empty());
    }

    @Override
    public Optional<ModelCard> champion() {
        return reading(() -> {
            RegistryState state = state();
            String champion = state.champion();
            return exists(champion) ? readable(champion, state) : Optional.empty();
        });
    }

    @Override
    public ModelCard register(TrainedModel model) {
        requireWhole(model);
        return changing(() -> {
            sweep();
            RegistryState state = state();
            long version = Math.max(
                    state.nextVersion(),
                    versions().stream().mapToLong(Long::longValue).max().orElse(0) + 1);
            String name = Long.toString(version);
            ModelCard card = model.card().withVersion(name).withState(ModelState.CHALLENGER, "registered");
            RegistryState registered = state.registered(version, clock.instant());
            keep(name, card, model.files(), registered.about(name));
            save(registered);
            return card;
        });
    }

    private static void requireWhole(TrainedModel model) {
        for (String name : model.files().keySet()) {
            if (!FILE_NAME.matcher(name).matches() || ModelDescription.isOne(name)) {
                throw new ModelRejected("'" + name + "' is no name for a model file");
            }
        }
        String digest = ModelDigest.of(model.files());
        if (!digest.equals(model.card().digest())) {
            throw new ModelRejected("the card promises digest " + model.card().digest() + ", the files have " + digest);
        }
    }

    private void keep(String version, ModelCard card, Map<String, byte[]> files, List<ModelSwitch> about)
            throws IOException {
        Path incoming = directory.resolve(INCOMING);
        Files.createDirectory(incoming);
        Map<String, byte[]> all = new TreeMap<>(files);
        all.putAll(ModelDescription.of(card, files, about));
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            DurableFiles.write(incoming.resolve(file.getKey()), file.getValue());
        }
        DurableFiles.move(incoming, directory.resolve(version));
    }

    /** Deletes what a crash left behind. */
    private void sweep() throws IOException {
        Path incoming = directory.resolve(INCOMING);
        if (Files.exists(incoming)) {
            DurableFiles.deleteFolder(incoming);
        }
    }

    @Override
    public ModelCard promote(String version, String reason) {
        return changing(() -> {
            RegistryState state = state();
            if (!exists(version)) {
                throw new ModelRejected("there is no model version '" + version + "'");
            }
            card(version, state);
            return switched(state, before -> before.promoted(version, reason, clock.instant()));
        });
    }

    @Override
    public ModelCard rollback(String reason) {
        return changing(() -> {
            RegistryState state = state();
            List<String> former = former(state);
            if (former.isEmpty()) {
                throw new ModelRejected("there is no champion before this one to go back to");
            }
            RegistryState standing = new RegistryState(state.nextVersion(), state.places(), former, state.switches());
            return switched(standing, before -> before.rolledBack(reason, clock.instant()));
        });
    }

    private List<String> former(RegistryState state) {
        return state.former().stream().filter(this::exists).toList();
    }

    @Override
    public Optional<ModelCard> predecessor() {
        return reading(() -> {
            RegistryState state = state();
            List<String> former = former(state);
            return former.isEmpty() ? Optional.empty() : readable(former.get(former.size() - 1), state);
        });
    }

    @Override
    public ModelCard retire(String version, String reason) {
        return changing(() -> {
            RegistryState state = state();
            if (!exists(version) || state.champion().equals(version)) {
                throw new ModelRejected("model version '" + version + "' is no challenger");
            }
            RegistryState after = state.retired(version, reason, clock.instant());
            ModelCard card = card(version, after);
            save(after);
            describe(version, after);
            return card;
        });
    }

    @Override
    public List<ModelSwitch> history() {
        return reading(() -> state().switches());
    }

    @Override
    public void note(ModelSwitch.Action action, String version, String reason) {
        changing(() -> {
            RegistryState state = state();
            RegistryState after = state.noted(action, version, reason, clock.instant());
            if (!after.equals(state)) {
                save(after);
                describe(version, after);
            }
            return after;
        });
    }

    private ModelCard switched(RegistryState before, UnaryOperator<RegistryState> change) throws IOException {
        RegistryState after = change.apply(before);
        ModelCard champion = card(after.champion(), after);
        save(after);
        describe(after.champion(), after);
        if (!before.champion().isEmpty() && !before.champion().equals(after.champion())) {
            describe(before.champion(), after);
        }
        return champion;
    }

    /** Brings a version's README up to date. It is for reading: when that fails, the switch counts all the same. */
    private void describe(String version, RegistryState state) {
        if (!exists(version)) {
            return;
        }
        try {
            ModelDescription.refresh(
                    directory, version, card(version, state), files(version).keySet(), state.about(version));
        } catch (IOException | ModelRejected failed) {
            LOG.warn("The README of model {} could not be brought up to date: {}", version, failed.toString());
        }
    }

    @Override
    public Forecaster load(String version) {
        return reading(() -> {
            if (!exists(version)) {
                throw new ModelRejected("there is no model version '" + version + "'");
            }
            ModelCard card = card(version, state());
            if (!card.schemaHash().equals(schemaHash)) {
                throw new ModelRejected("model " + version + " was trained on features of schema " + card.schemaHash()
                        + ", this program computes " + schemaHash);
            }
            Map<String, byte[]> files = files(version);
            if (!ModelDigest.of(files).equals(card.digest())) {
                throw new ModelRejected(
                        "the files of model " + version + " are damaged: their digest is not " + card.digest());
            }
            return loaded(version, new TrainedModel(files, card));
        });
    }

    private static Forecaster loaded(String version, TrainedModel model) {
        try {
            return BoosterForecaster.load(model);
        } catch (IOException damaged) {
            throw new ModelRejected("model " + version + " can't be loaded: " + damaged.getMessage());
        }
    }

    private Map<String, byte[]> files(String version) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory.resolve(version))) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                if (!ModelDescription.isOne(name)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    /** @throws ModelRejected when the card is absent or damaged */
    private ModelCard card(String version, RegistryState state) throws IOException {
        byte[] json;
        try {
            json = Files.readAllBytes(directory.resolve(version).resolve(ModelDescription.CARD));
        } catch (NoSuchFileException absent) {
            throw new ModelRejected("model " + version + " has no card");
        }
        try {
            RegistryState.Place place = state.place(version);
            ModelCard card = ModelCardJson.read(json);
            if (!version.equals(card.version())) {
                throw new ModelRejected("the card of model " + version + " is that of " + card.version());
            }
            ModelDescription.requireUnchanged(directory.resolve(version), version, card, json);
            return card.withState(place.state(), place.reason());
        } catch (JsonProcessingException damaged) {
            throw new ModelRejected("the card of model " + version + " is damaged: " + damaged.getOriginalMessage());
        }
    }

    private boolean exists(String version) {
        return VERSION.matcher(version).matches() && Files.isDirectory(directory.resolve(version));
    }

    private List<Long> versions() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(this::exists)
                    .map(Long::valueOf)
                    .toList();
        }
    }

    private RegistryState state() throws IOException {
        try {
            return RegistryState.read(Files.readAllBytes(directory.resolve(STATE)));
        } catch (NoSuchFileException none) {
            return RegistryState.EMPTY;
        }
    }

    private void save(RegistryState state) throws IOException {
        DurableFiles.replace(directory.resolve(STATE), state.toJson());
    }

    private <T> T reading(RegistryLock.Work<T> work) {
        try {
            return work.run();
        } catch (IOException failed) {
            throw new UncheckedIOException("the model folder " + directory + " can't be used", failed);
        }
    }

    private <T> T changing(RegistryLock.Work<T> work) {
        return reading(() -> lock.holding(work));
    }
}
