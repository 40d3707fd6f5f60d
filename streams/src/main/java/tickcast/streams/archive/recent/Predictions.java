package tickcast.streams.archive.recent;

import java.util.Comparator;
import tickcast.model.forecast.Prediction;

/** The order that both sides of a merge have predictions in. */
final class Predictions {

    /** By target time, the published one first. */
    static final Comparator<Prediction> PUBLISHED_FIRST = Comparator.comparing(Prediction::targetTime)
            .thenComparing(prediction -> !prediction.published())
            .thenComparing(Prediction::modelVersion);

    private Predictions() {}
}
