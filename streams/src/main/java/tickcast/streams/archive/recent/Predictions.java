package tickcast.streams.archive.recent;

import java.util.Comparator;
import tickcast.model.forecast.Prediction;

/** What both sides of a merge do with predictions. */
public final class Predictions {

    /** By target time, the published one first. */
    static final Comparator<Prediction> PUBLISHED_FIRST = Comparator.comparing(Prediction::targetTime)
            .thenComparing(prediction -> !prediction.published())
            .thenComparing(Prediction::modelVersion);

    private Predictions() {}

    /** A shadow whose model speaks by now, with the figures that it had. */
    public static Prediction published(Prediction shadow) {
        return new Prediction(
                shadow.symbol(),
                shadow.source(),
                shadow.asOf(),
                shadow.madeAt(),
                shadow.targetTime(),
                shadow.lastPrice(),
                shadow.predictedPrice(),
                shadow.expectedReturn(),
                shadow.intervals(),
                shadow.probabilityUp(),
                shadow.modelVersion(),
                shadow.schemaHash(),
                shadow.status(),
                shadow.reason(),
                true,
                shadow.volatility(),
                shadow.calibration());
    }
}
