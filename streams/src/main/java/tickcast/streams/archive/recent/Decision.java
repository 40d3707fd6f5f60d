package tickcast.streams.archive.recent;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tickcast.model.forecast.Prediction;

/**
 * What becomes of a prediction that is about to be written.
 *
 * @param prediction what counts: itself, the one that had won, or the shadow of its id that comes to be published
 * @param stored whether that is written already
 */
public record Decision(Prediction prediction, boolean stored) {

    /** @param same what is stored under the prediction's id, while no published one of its as-of is */
    static Decision ofSameId(Prediction prediction, Optional<Prediction> same) {
        return same.map(stored -> prediction.published() && !stored.published()
                        ? new Decision(stored.withPublished(true), false)
                        : new Decision(stored, true))
                .orElse(new Decision(prediction, false));
    }

    /** Those that are to be written, without those that lose against another of them. */
    public static List<Prediction> firstOfEach(List<Decision> decisions) {
        Set<String> seen = new HashSet<>();
        return decisions.stream()
                .filter(decision -> !decision.stored())
                .map(Decision::prediction)
                .filter(prediction ->
                        !prediction.published() || seen.add(prediction.symbol() + "|" + prediction.asOf()))
                .filter(prediction -> seen.add(prediction.id()))
                .toList();
    }
}
