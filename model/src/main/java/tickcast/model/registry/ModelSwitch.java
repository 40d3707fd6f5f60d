package tickcast.model.registry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One entry of a registry's history.
 *
 * @param at when
 * @param action what was done
 * @param version whom it was about
 * @param reason why, one plain sentence
 */
public record ModelSwitch(Instant at, Action action, String version, String reason) {

    public enum Action {
        /** A new model came in. */
        REGISTER,
        /** It became the champion. */
        PROMOTE,
        /** It became the champion again, in place of its successor. */
        ROLLBACK,
        /** It is no longer scored. */
        RETIRE,
        /** As champion it may not speak, for its live record; naive does. */
        SILENCE,
        /** It may speak again. */
        SPEAK,
        /** Its files can't be used. */
        REFUSE
    }

    /** Whether a model became champion by it. */
    public boolean isAppointment() {
        return action == Action.PROMOTE || action == Action.ROLLBACK;
    }

    /** Why the champion may not speak, as the history says; empty when it may. */
    public static Optional<String> silence(List<ModelSwitch> history, String champion) {
        for (int i = history.size() - 1; i >= 0; i--) {
            ModelSwitch entry = history.get(i);
            if (entry.version.equals(champion)) {
                if (entry.action == Action.SILENCE) {
                    return Optional.of(entry.reason);
                }
                if (entry.action == Action.SPEAK || entry.isAppointment()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Whether this version was champion at any time. */
    public static boolean wasChampion(List<ModelSwitch> history, String version) {
        return history.stream().anyMatch(entry -> entry.isAppointment() && entry.version.equals(version));
    }
}
