package tickcast.actors;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.model.registry.TrainedModel;

/** A registry in memory whose models forecast the same return for all, or what they are told. Thread safe. */
public final class MemoryRegistry implements ModelRegistry {

    private final List<ModelCard> cards = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final List<ModelSwitch> history = new ArrayList<>();
    private final List<String> former = new ArrayList<>();
    private final Set<String> corrupt = new HashSet<>();
    private final Map<String, Function<FeatureVector, Forecaster.Forecast>> taught = new HashMap<>();
    private boolean away;
    private boolean broken;
    private boolean noteless;

    /** A card as training makes it. */
    public static ModelCard card(Instant dataTo, boolean mayPromote) {
        return card(dataTo, mayPromote, Map.of("seed", "1"));
    }

    /** The same with other parameters of training. */
    public static ModelCard card(Instant dataTo, boolean mayPromote, Map<String, String> parameters) {
        return new ModelCard(
                "",
                "simulated",
                ModelState.CHALLENGER,
                "just trained",
                dataTo,
                dataTo,
                dataTo,
                1000,
                List.of("BTC/USD"),
                "schema",
                "hash",
                List.of(),
                5,
                parameters,
                Map.of("skill", 0.02, "nothing", Double.NaN),
                mayPromote,
                "digest");
    }

    /** Registers and promotes a model. Returns its version. */
    public String withChampion(Instant dataTo) {
        ModelCard card = register(new TrainedModel(Map.of(), card(dataTo, true)));
        return promote(card.version(), "a test wants it").version();
    }

    /** Registers a model that forecasts as it is told. Returns its version. */
    public synchronized String with(ModelCard card, Function<FeatureVector, Forecaster.Forecast> forecast) {
        String version = register(new TrainedModel(Map.of(), card)).version();
        taught.put(version, forecast);
        return version;
    }

    /** The files of that version can't be loaded from now on. */
    public synchronized void corrupt(String version) {
        corrupt.add(version);
    }

    /** The files of that version are whole again. */
    public synchronized void mend(String version) {
        corrupt.remove(version);
    }

    /** Loaded models fail from now on. */
    public synchronized void breakModels() {
        broken = true;
    }

    /** Whether its place can't be reached: nobody can be listed, loaded or rolled back then. */
    public synchronized void setAway(boolean isAway) {
        away = isAway;
    }

    /** Nothing can be noted any more: its disk is full. */
    public synchronized void refuseNotes() {
        noteless = true;
    }

    private synchronized boolean isBroken() {
        return broken;
    }

    /** Versions that were closed, in order. */
    public synchronized List<String> closed() {
        return List.copyOf(closed);
    }

    private void requireHere() {
        if (away) {
            throw new ArchiveUnavailable("the registry is away", null);
        }
    }

    @Override
    public synchronized List<ModelCard> list() {
        requireHere();
        List<ModelCard> newestFirst = new ArrayList<>(cards);
        java.util.Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public synchronized Optional<ModelCard> find(String version) {
        return cards.stream().filter(card -> card.version().equals(version)).findFirst();
    }

    @Override
    public synchronized Optional<ModelCard> champion() {
        return cards.stream()
                .filter(card -> card.state() == ModelState.CHAMPION)
                .findFirst();
    }

    @Override
    public synchronized ModelCard register(TrainedModel model) {
        ModelCard card = model.card().withVersion(Integer.toString(cards.size() + 1));
        cards.add(card);
        history.add(new ModelSwitch(card.createdAt(), ModelSwitch.Action.REGISTER, card.version(), "registered"));
        return card;
    }

    @Override
    public synchronized ModelCard promote(String version, String reason) {
        find(version).orElseThrow(() -> new ModelRejected("There is no model " + version + "."));
        former.remove(version);
        champion()
                .map(ModelCard::version)
                .filter(other -> !other.equals(version))
                .ifPresent(former::add);
        history.add(new ModelSwitch(Instant.EPOCH, ModelSwitch.Action.PROMOTE, version, reason));
        return crown(version, ModelState.CHALLENGER, reason);
    }

    private ModelCard crown(String version, ModelState formerState, String reason) {
        cards.replaceAll(card -> card.version().equals(version)
                ? card.withState(ModelState.CHAMPION, reason)
                : card.state() == ModelState.CHAMPION ? card.withState(formerState, reason) : card);
        return find(version).orElseThrow();
    }

    @Override
    public synchronized ModelCard rollback(String reason) {
        requireHere();
        ModelCard before = predecessor().orElseThrow(() -> new ModelRejected("There is no champion before this one."));
        former.remove(before.version());
        history.add(new ModelSwitch(Instant.EPOCH, ModelSwitch.Action.ROLLBACK, before.version(), reason));
        return crown(before.version(), ModelState.RETIRED, reason);
    }

    @Override
    public synchronized Optional<ModelCard> predecessor() {
        return former.isEmpty() ? Optional.empty() : find(former.get(former.size() - 1));
    }

    @Override
    public synchronized ModelCard retire(String version, String reason) {
        former.remove(version);
        history.add(new ModelSwitch(Instant.EPOCH, ModelSwitch.Action.RETIRE, version, reason));
        cards.replaceAll(card -> card.version().equals(version) ? card.withState(ModelState.RETIRED, reason) : card);
        return find(version).orElseThrow();
    }

    @Override
    public synchronized List<ModelSwitch> history() {
        return List.copyOf(history);
    }

    @Override
    public synchronized void note(ModelSwitch.Action action, String version, String reason) {
        if (noteless) {
            throw new ArchiveUnavailable("the disk is full", null);
        }
        boolean isKnown = history.stream()
                .filter(entry -> entry.version().equals(version))
                .reduce((first, second) -> second)
                .filter(entry -> entry.action() == action && entry.reason().equals(reason))
                .isPresent();
        if (!isKnown) {
            history.add(new ModelSwitch(Instant.EPOCH, action, version, reason));
        }
    }

    @Override
    public synchronized Forecaster load(String version) {
        requireHere();
        ModelCard card = find(version).orElseThrow(() -> new ModelRejected("There is no model " + version + "."));
        if (corrupt.contains(version)) {
            throw new ModelRejected("the files of model " + version + " are damaged");
        }
        return new Fixed(card, taught.getOrDefault(version, Fixed::score));
    }

    private final class Fixed implements Forecaster {
        private final ModelCard card;
        private final Function<FeatureVector, Forecast> forecast;

        Fixed(ModelCard card, Function<FeatureVector, Forecast> forecast) {
            this.card = card;
            this.forecast = forecast;
        }

        @Override
        public ModelCard card() {
            return card;
        }

        /** Depends on what the vector holds, so that equal forecasts mean equal vectors. */
        @Override
        public List<Forecast> score(List<FeatureVector> vectors) {
            if (isBroken()) {
                throw new IllegalArgumentException("told to fail");
            }
            return vectors.stream().map(forecast).toList();
        }

        /** All that it says, it says for the first feature; a model that fails can't tell. */
        @Override
        public Optional<Explanation> explain(FeatureVector vector) {
            double expected = score(List.of(vector)).get(0).expectedLogReturn();
            return Optional.of(new Explanation(
                    0,
                    0.001,
                    List.of(new Explanation.Contribution(
                            FeatureSchema.current().names().get(0), vector.values()[0], expected))));
        }

        private static Forecast score(FeatureVector vector) {
            double sum = 0;
            for (double value : vector.values()) {
                sum += Double.isNaN(value) ? 0.01 : Math.tanh(value);
            }
            return new Forecast(sum * 1e-6, 0.5 + Math.tanh(sum) / 10, false);
        }

        @Override
        public void close() {
            synchronized (MemoryRegistry.this) {
                closed.add(card.version());
            }
        }
    }
}
