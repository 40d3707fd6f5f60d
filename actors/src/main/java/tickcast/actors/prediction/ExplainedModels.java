package tickcast.actors.prediction;

import java.util.LinkedHashMap;
import java.util.Map;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.ModelRegistry;

/** The models that were asked for their reasons last, read from the registry when first asked. Blocking; single-threaded. */
final class ExplainedModels implements AutoCloseable {

    private final ModelRegistry registry;
    private final int most;
    /** The one that was asked last comes last. */
    private final Map<String, Forecaster> byVersion = new LinkedHashMap<>(16, 0.75f, true);

    ExplainedModels(ModelRegistry registry, int most) {
        this.registry = registry;
        this.most = most;
    }

    /** @throws ModelRegistry.ModelRejected when it is unknown, damaged or of another schema */
    Forecaster of(String version) {
        Forecaster known = byVersion.get(version);
        if (known != null) {
            return known;
        }
        Forecaster loaded = registry.load(version);
        byVersion.put(version, loaded);
        if (byVersion.size() > most) {
            String oldest = byVersion.keySet().iterator().next();
            byVersion.remove(oldest).close();
        }
        return loaded;
    }

    @Override
    public void close() {
        byVersion.values().forEach(Forecaster::close);
        byVersion.clear();
    }
}
