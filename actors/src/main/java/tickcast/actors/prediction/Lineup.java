package tickcast.actors.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.forecast.Forecaster;

/**
 * The models that score a batch.
 *
 * @param champion who speaks: the champion, or its stand-in
 * @param silenced whether the champion may not speak for its live record
 */
record Lineup(Optional<Forecaster> champion, List<Forecaster> challengers, boolean silenced) {

    static final Lineup NONE = new Lineup(Optional.empty(), List.of(), false);

    static String version(Forecaster model) {
        return model.card().version();
    }

    List<Forecaster> all() {
        List<Forecaster> all = new ArrayList<>(challengers);
        champion.ifPresent(all::add);
        return all;
    }
}
