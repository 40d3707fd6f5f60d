package tickcast.http.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/** A registry of cards, and of the models that it is given. */
final class MemoryModels implements ModelRegistry {

    private final List<ModelCard> cards = new CopyOnWriteArrayList<>();

    private final Map<String, Forecaster> loadable = new ConcurrentHashMap<>();
    private final List<ModelSwitch> history = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    /** Whether files can't be read, and orders not be carried out; cards were read before. */
    void setAway(boolean isAway) {
        away = isAway;
    }

    boolean isAway() {
        return away;
    }

    /** That version can be loaded from now on. */
    void give(String version, Forecaster model) {
        loadable.put(version, model);
    }

    /** That was done to a model. */
    void remember(ModelSwitch entry) {
        history.add(entry);
    }

    MemoryModels(ModelCard... cards) {
        this.cards.addAll(List.of(cards));
    }

    @Override
    public List<ModelCard> list() {
        return cards;
    }

    @Override
    public Optional<ModelCard> find(String version) {
        return cards.stream().filter(card -> card.version().equals(version)).findFirst();
    }

    @Override
    public Optional<ModelCard> champion() {
        return cards.stream()
                .filter(card -> card.state() == ModelState.CHAMPION)
                .findFirst();
    }

    @Override
    public ModelCard register(TrainedModel model) {
        throw new ModelRejected("not here");
    }

    @Override
    public ModelCard promote(String version, String reason) {
        find(version).orElseThrow(() -> new ModelRejected("no version " + version));
        cards.replaceAll(card -> card.version().equals(version)
                ? card.withState(ModelState.CHAMPION, reason)
                : card.withState(ModelState.CHALLENGER, "replaced"));
        return champion().orElseThrow();
    }

    @Override
    public ModelCard rollback(String reason) {
        throw new ModelRejected("There is no champion before this one.");
    }

    @Override
    public Optional<ModelCard> predecessor() {
        return Optional.empty();
    }

    @Override
    public ModelCard retire(String version, String reason) {
        throw new ModelRejected("not here");
    }

    @Override
    public List<ModelSwitch> history() {
        return history;
    }

    @Override
    public void note(ModelSwitch.Action action, String version, String reason) {
        throw new ModelRejected("not here");
    }

    @Override
    public Forecaster load(String version) {
        if (away) {
            throw new ArchiveUnavailable("away", null);
        }
        return Optional.ofNullable(loadable.get(version))
                .orElseThrow(() -> new ModelRejected("there is no model version '" + version + "'"));
    }
}
