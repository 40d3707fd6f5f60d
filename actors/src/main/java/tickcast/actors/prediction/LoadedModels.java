package tickcast.actors.prediction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tickcast.model.forecast.Forecaster;

/**
 * The models in memory. One that is no longer wanted is given back for closing when the last batch that uses it has ended.
 * Single-threaded.
 */
final class LoadedModels {

    private final Map<String, Forecaster> loaded = new HashMap<>();
    private final Map<String, Integer> users = new HashMap<>();
    private Lineup lineup = Lineup.NONE;

    Set<String> versions() {
        return Set.copyOf(loaded.keySet());
    }

    Lineup lineup() {
        return lineup;
    }

    /**
     * Goes over to another line-up; versions that could not be loaded are left out. In place of such a champion the newest
     * loaded challenger speaks that may; the silence of a champion is not that of its stand-in. Returns what can be closed
     * now.
     */
    List<Forecaster> use(Predictor.UseModels wanted, Map<String, Forecaster> fresh) {
        loaded.putAll(fresh);
        List<Forecaster> challengers = wanted.challengers().stream()
                .filter(version -> !version.equals(wanted.champion()))
                .flatMap(version -> Optional.ofNullable(loaded.get(version)).stream())
                .toList();
        Optional<Forecaster> champion = Optional.ofNullable(loaded.get(wanted.champion()));
        Optional<Forecaster> speaker = champion.isPresent() || wanted.champion().isEmpty()
                ? champion
                : challengers.stream()
                        .filter(model -> model.card().mayPromote())
                        .max(Comparator.comparing(model -> model.card().dataTo()));
        lineup = new Lineup(
                speaker,
                challengers.stream()
                        .filter(model -> speaker.filter(model::equals).isEmpty())
                        .toList(),
                champion.isPresent() && !wanted.silenced().isEmpty());
        return dismissed();
    }

    /** The present line-up, for one batch. */
    Lineup acquire() {
        lineup.all().forEach(model -> users.merge(version(model), 1, Integer::sum));
        return lineup;
    }

    /** The batch has ended. Batches of another holder's models change nothing. Returns what can be closed now. */
    List<Forecaster> release(Lineup used) {
        used.all().stream()
                .filter(model -> loaded.get(version(model)) == model)
                .forEach(model -> users.merge(version(model), -1, Integer::sum));
        return dismissed();
    }

    private List<Forecaster> dismissed() {
        List<Forecaster> dismissed = new ArrayList<>();
        for (Iterator<Forecaster> models = loaded.values().iterator(); models.hasNext(); ) {
            Forecaster model = models.next();
            if (!lineup.all().contains(model) && users.getOrDefault(version(model), 0) <= 0) {
                users.remove(version(model));
                models.remove();
                dismissed.add(model);
            }
        }
        return dismissed;
    }

    private static String version(Forecaster model) {
        return model.card().version();
    }
}
