package tickcast.actors.prediction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;

/** Gets models out of the registry. Blocking; thread safe. */
final class ModelLoading {

    private final ModelRegistry registry;
    private final int challengers;
    private final Logger log;

    /** @param challengers models scored in the shadow, at most */
    ModelLoading(ModelRegistry registry, int challengers, Logger log) {
        this.log = log;
        this.registry = registry;
        this.challengers = challengers;
    }

    /** @param fresh by version, loaded just now @param refused why by version */
    record Loaded(Predictor.UseModels wanted, Map<String, Forecaster> fresh, Map<String, String> refused) {}

    /**
     * Loads what is wanted and not present. A model that is refused keeps nobody else out; the registry's history says so.
     *
     * @param wanted what to use, or empty for what the registry says
     * @param present versions in memory
     */
    Loaded load(Optional<Predictor.UseModels> wanted, Set<String> present) {
        Predictor.UseModels orders = wanted.orElseGet(this::asRegistered);
        List<String> versions =
                new ArrayList<>(orders.challengers().stream().limit(challengers).toList());
        versions.add(orders.champion());
        Map<String, Forecaster> fresh = new HashMap<>();
        Map<String, String> refused = new HashMap<>();
        for (String version : versions) {
            if (!version.isEmpty() && !present.contains(version)) {
                try {
                    fresh.put(version, registry.load(version));
                } catch (ModelRegistry.ModelRejected rejected) {
                    refused.put(version, rejected.getMessage());
                }
            }
        }
        refused.forEach(this::note);
        return new Loaded(orders, fresh, refused);
    }

    /** What can't be written down keeps nobody silent. */
    private void note(String version, String refusal) {
        try {
            registry.note(ModelSwitch.Action.REFUSE, version, refusal);
        } catch (RuntimeException failure) {
            log.warn("That model {} is refused can't be noted: {}", version, failure.toString());
        }
    }

    private Predictor.UseModels asRegistered() {
        List<ModelCard> cards = registry.list();
        String champion = cards.stream()
                .filter(card -> card.state() == ModelState.CHAMPION)
                .map(ModelCard::version)
                .findFirst()
                .orElse("");
        List<String> shadows = cards.stream()
                .filter(card -> card.state() == ModelState.CHALLENGER)
                .map(ModelCard::version)
                .limit(challengers)
                .toList();
        return new Predictor.UseModels(champion, shadows, registry.silence().orElse(""));
    }
}
