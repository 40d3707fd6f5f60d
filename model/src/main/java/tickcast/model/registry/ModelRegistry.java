package tickcast.model.registry;

import java.util.List;
import java.util.Optional;
import tickcast.model.forecast.Forecaster;

/**
 * The models of one market source. Blocking: callers give it a dispatcher of their own. Safe for several threads and
 * processes; every change is atomic.
 */
public interface ModelRegistry {

    /** Newest first. */
    List<ModelCard> list();

    Optional<ModelCard> find(String version);

    Optional<ModelCard> champion();

    /** Gives the model the next version number and keeps it as CHALLENGER. */
    ModelCard register(TrainedModel model);

    /** Makes a version the champion; the former champion becomes a challenger. @throws ModelRejected when there is no such version */
    ModelCard promote(String version, String reason);

    /** Makes the champion before this one champion again, the present one RETIRED. @throws ModelRejected when there is none */
    ModelCard rollback(String reason);

    /** Whom {@link #rollback} would bring back. */
    Optional<ModelCard> predecessor();

    /** Takes a challenger out of use; it is kept, but no longer scored. @throws ModelRejected when it is unknown or the champion */
    ModelCard retire(String version, String reason);

    /** Everything that was switched, oldest first. */
    List<ModelSwitch> history();

    /**
     * Adds to the history what changes nobody's place: that a model is silenced, speaks again, or was refused. Adds
     * nothing when the newest entry about that version says the same.
     */
    void note(ModelSwitch.Action action, String version, String reason);

    /** Why the champion may not speak for its live record; empty when it may, or when there is none. */
    default Optional<String> silence() {
        return champion().flatMap(card -> ModelSwitch.silence(history(), card.version()));
    }

    /** Loads a model after checking its digest and schema. @throws ModelRejected when it is unknown, damaged or of another schema */
    Forecaster load(String version);

    /** The registry won't do that; the message says why. */
    final class ModelRejected extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ModelRejected(String message) {
            super(message);
        }
    }
}
