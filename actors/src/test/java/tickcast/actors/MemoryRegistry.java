package tickcast.actors;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.TrainedModel;

/** A registry in memory whose models forecast the same return for all, or what they are told. Thread safe. */
public final class MemoryRegistry implements ModelRegistry {

    private final List<ModelCard> cards = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private boolean broken;

    /** A card as training makes it. */
    public static ModelCard card(Instant dataTo, boolean mayPromote) {
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
                Map.of("seed", "1"),
                Map.of("skill", 0.02, "nothing", Double.NaN),
                mayPromote,
                "digest");
    }

    /** Registers and promotes a model. Returns its version. */
    public String withChampion(Instant dataTo) {
        ModelCard card = register(new TrainedModel(Map.of(), card(dataTo, true)));
        return promote(card.version(), "a test wants it").version();
    }

    /** Loaded models fail from now on. */
    public synchronized void breakModels() {
        broken = true;
    }

    private synchronized boolean isBroken() {
        return broken;
    }

    /** Versions that were closed, in order. */
    public synchronized List<String> closed() {
        return List.copyOf(closed);
    }

    @Override
    public synchronized List<ModelCard> list() {
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
        return card;
    }

    @Override
    public synchronized ModelCard promote(String version, String reason) {
        find(version).orElseThrow(() -> new ModelRejected("There is no model " + version + "."));
        cards.replaceAll(card -> card.version().equals(version)
                ? card.withState(ModelState.CHAMPION, reason)
                : card.state() == ModelState.CHAMPION ? card.withState(ModelState.CHALLENGER, "followed") : card);
        return find(version).orElseThrow();
    }

    @Override
    public synchronized ModelCard rollback(String reason) {
        ModelCard present = champion().orElseThrow(() -> new ModelRejected("There is no champion."));
        ModelCard before = cards.stream()
                .filter(card -> card.state() == ModelState.CHALLENGER)
                .reduce((first, second) -> second)
                .orElseThrow(() -> new ModelRejected("There is no champion before this one."));
        promote(before.version(), reason);
        cards.replaceAll(
                card -> card.version().equals(present.version()) ? card.withState(ModelState.RETIRED, reason) : card);
        return before;
    }

    @Override
    public synchronized Forecaster load(String version) {
        ModelCard card = find(version).orElseThrow(() -> new ModelRejected("There is no model " + version + "."));
        return new Fixed(card);
    }

    private final class Fixed implements Forecaster {
        private final ModelCard card;

        Fixed(ModelCard card) {
            this.card = card;
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
            return vectors.stream().map(Fixed::score).toList();
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
