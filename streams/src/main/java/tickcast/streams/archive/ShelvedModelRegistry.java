package tickcast.streams.archive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelDigest;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/**
 * The registry of one market source, wherever its {@linkplain ModelShelf shelf} stands: numbers models, gives them their
 * places, remembers every switch, and hands out none that is not what was registered.
 *
 * <p>Blocking. Throws {@link UncheckedIOException} or {@link ArchiveUnavailable} when the shelf can't be used: trying again
 * may help.
 */
public final class ShelvedModelRegistry implements ModelRegistry, AutoCloseable {

    /** What a model's files may weigh together; a usual one has a hundredth of it. */
    static final long MOST_BYTES = 256L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ShelvedModelRegistry.class);
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final ModelShelf shelf;
    private final String schemaHash;
    private final InstantSource clock;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * @param shelf closed with the registry
     * @param schemaHash of the features that this program computes: models of another schema are not loaded
     * @param clock tells when a switch happened
     */
    public ShelvedModelRegistry(ModelShelf shelf, String schemaHash, InstantSource clock) {
        this.shelf = shelf;
        this.schemaHash = schemaHash;
        this.clock = clock;
    }

    /** A registry of files. @param directory made when absent */
    public static ShelvedModelRegistry inFolder(Path directory, String schemaHash, InstantSource clock) {
        return new ShelvedModelRegistry(new FolderShelf(directory), schemaHash, clock);
    }

    // ---- reading

    @Override
    public List<ModelCard> list() {
        RegistryState state = state();
        List<ModelCard> cards = new ArrayList<>();
        shelf.descriptions()
                .forEach((version, described) ->
                        readable(Long.toString(version), described, state).ifPresent(cards::add));
        return List.copyOf(cards);
    }

    /** A card that can't be read is left out and told once: the others go on. */
    private Optional<ModelCard> readable(String version, Map<String, byte[]> described, RegistryState state) {
        try {
            return Optional.of(card(version, described, state));
        } catch (ModelRejected damaged) {
            if (told.add(version)) {
                LOG.warn("Model {} is left out: {}", version, damaged.getMessage());
            }
            return Optional.empty();
        }
    }

    private Optional<ModelCard> readable(String version, RegistryState state) {
        return description(version).flatMap(described -> readable(version, described, state));
    }

    private Optional<Map<String, byte[]>> description(String version) {
        return VERSION.matcher(version).matches() ? shelf.description(version) : Optional.empty();
    }

    @Override
    public Optional<ModelCard> find(String version) {
        return readable(version, state());
    }

    @Override
    public Optional<ModelCard> champion() {
        RegistryState state = state();
        return readable(state.champion(), state);
    }

    @Override
    public Optional<ModelCard> predecessor() {
        RegistryState state = state();
        List<String> former = standing(state).former();
        return former.isEmpty() ? Optional.empty() : readable(former.get(former.size() - 1), state);
    }

    /** The same without former champions whom nobody can bring back, since their files are gone. */
    private RegistryState standing(RegistryState state) {
        List<String> former = new ArrayList<>(state.former());
        while (!former.isEmpty() && !shelf.has(former.get(former.size() - 1))) {
            former.remove(former.size() - 1);
        }
        return new RegistryState(state.nextVersion(), state.places(), former, state.switches());
    }

    @Override
    public List<ModelSwitch> history() {
        return state().switches();
    }

    /** @throws ModelRejected when the version is unknown, or its card absent or damaged */
    private ModelCard card(String version, RegistryState state) {
        Map<String, byte[]> described = description(version)
                .orElseThrow(() -> new ModelRejected("there is no model version '" + version + "'"));
        return card(version, described, state);
    }

    private static ModelCard card(String version, Map<String, byte[]> described, RegistryState state) {
        ModelCard card = ModelDescription.card(described, version);
        RegistryState.Place place = state.place(version);
        return card.withState(place.state(), place.reason());
    }

    // ---- loading

    @Override
    public Forecaster load(String version) {
        ModelCard card = card(version, state());
        if (!card.schemaHash().equals(schemaHash)) {
            throw new ModelRejected("model " + version + " was trained on features of schema " + card.schemaHash()
                    + ", this program computes " + schemaHash);
        }
        TrainedModel model = new TrainedModel(soundFiles(version, card), card);
        try {
            return BoosterForecaster.load(model);
        } catch (IOException damaged) {
            throw new ModelRejected("model " + version + " can't be loaded: " + damaged.getMessage());
        }
    }

    private Map<String, byte[]> soundFiles(String version, ModelCard card) {
        Map<String, byte[]> files = shelf.files(version);
        if (!ModelDigest.of(files).equals(card.digest())) {
            throw new ModelRejected(
                    "the files of model " + version + " are damaged: their digest is not " + card.digest());
        }
        return files;
    }

    /**
     * Writes a version as a folder that people, {@code sha256sum -c} and MLflow can read.
     *
     * @param folder made; must not be there yet
     * @throws ModelRejected when the version is unknown or damaged
     * @throws IOException when the folder can't be written
     */
    public void export(String version, Path folder) throws IOException {
        RegistryState state = state();
        ModelCard card = card(version, state);
        Map<String, byte[]> files = soundFiles(version, card);
        Map<String, byte[]> all = new TreeMap<>(files);
        all.putAll(description(version).orElseThrow());
        all.put(ModelDescription.README, ModelDescription.readme(card, files.keySet(), state.about(version)));
        Files.createDirectory(folder);
        for (Map.Entry<String, byte[]> file : all.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
    }

    // ---- changing

    @Override
    public ModelCard register(TrainedModel model) {
        requireWhole(model);
        return shelf.inTurn(() -> {
            ModelCard card = put(model);
            change(before -> registered(before, Long.parseLong(card.version())));
            return card;
        });
    }

    private static void requireWhole(TrainedModel model) {
        long bytes = 0;
        for (Map.Entry<String, byte[]> file : model.files().entrySet()) {
            String name = file.getKey();
            bytes += file.getValue().length;
            if (!FILE_NAME.matcher(name).matches() || ModelDescription.isOne(name)) {
                throw new ModelRejected("'" + name + "' is no name for a model file");
            }
        }
        if (bytes > MOST_BYTES) {
            throw new ModelRejected("a model of " + bytes + " bytes is too large, " + MOST_BYTES + " are allowed");
        }
        String digest = ModelDigest.of(model.files());
        if (!digest.equals(model.card().digest())) {
            throw new ModelRejected("the card promises digest " + model.card().digest() + ", the files have " + digest);
        }
    }

    /** Takes the next number that is free. */
    private ModelCard put(TrainedModel model) {
        RegistryState state = state();
        long number = Math.max(state.nextVersion(), shelf.newest() + 1);
        while (true) {
            String version = Long.toString(number);
            ModelCard card = model.card().withVersion(version).withState(ModelState.CHALLENGER, "registered");
            Map<String, byte[]> described = ModelDescription.of(
                    card, model.files(), registered(state, number).about(version));
            if (shelf.put(version, model.files(), described)) {
                return card;
            }
            number++;
        }
    }

    private RegistryState registered(RegistryState before, long version) {
        return before.registered(version, clock.instant());
    }

    @Override
    public ModelCard promote(String version, String reason) {
        return shelf.inTurn(() -> {
            card(version, state());
            return switched(before -> before.promoted(version, reason, clock.instant()));
        });
    }

    @Override
    public ModelCard rollback(String reason) {
        return shelf.inTurn(() -> switched(before -> {
            RegistryState standing = standing(before);
            if (standing.former().isEmpty()) {
                throw new ModelRejected("there is no champion before this one to go back to");
            }
            return standing.rolledBack(reason, clock.instant());
        }));
    }

    private ModelCard switched(UnaryOperator<RegistryState> step) {
        Changed changed = change(before -> {
            RegistryState after = step.apply(before);
            card(after.champion(), after);
            return after;
        });
        String former = changed.before().champion();
        String champion = changed.after().champion();
        describe(champion, changed.after());
        if (!former.isEmpty() && !former.equals(champion)) {
            describe(former, changed.after());
        }
        return card(champion, changed.after());
    }

    @Override
    public ModelCard retire(String version, String reason) {
        return shelf.inTurn(() -> {
            Changed changed = change(before -> {
                if (!VERSION.matcher(version).matches()
                        || !shelf.has(version)
                        || before.champion().equals(version)) {
                    throw new ModelRejected("model version '" + version + "' is no challenger");
                }
                RegistryState after = before.retired(version, reason, clock.instant());
                card(version, after);
                return after;
            });
            describe(version, changed.after());
            return card(version, changed.after());
        });
    }

    @Override
    public void note(ModelSwitch.Action action, String version, String reason) {
        shelf.inTurn(() -> {
            Changed changed = change(before -> before.noted(action, version, reason, clock.instant()));
            if (!changed.after().equals(changed.before())) {
                describe(version, changed.after());
            }
            return changed;
        });
    }

    /** Brings a version's README up to date. It is for reading: when that fails, the switch counts all the same. */
    private void describe(String version, RegistryState state) {
        try {
            if (VERSION.matcher(version).matches() && shelf.has(version)) {
                shelf.describe(
                        version,
                        () -> ModelDescription.readme(
                                card(version, state), shelf.files(version).keySet(), state.about(version)));
            }
        } catch (UncheckedIOException | ModelRejected | ArchiveUnavailable failed) {
            LOG.warn("The README of model {} could not be brought up to date: {}", version, failed.toString());
        }
    }

    // ---- the state

    private record Changed(RegistryState before, RegistryState after) {}

    private Changed change(UnaryOperator<RegistryState> step) {
        return shelf.change(kept -> {
            RegistryState before = RegistryState.of(kept);
            RegistryState after = step.apply(before);
            return new ModelShelf.Next<>(
                    after.equals(before) ? Optional.empty() : Optional.of(after.toJson()), new Changed(before, after));
        });
    }

    private RegistryState state() {
        return RegistryState.of(shelf.state());
    }

    @Override
    public void close() {
        shelf.close();
    }
}
