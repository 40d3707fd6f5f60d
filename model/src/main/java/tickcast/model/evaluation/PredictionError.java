package tickcast.model.evaluation;

import java.time.Instant;
import java.util.List;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;

/**
 * A matured prediction: what was said, what came.
 *
 * @param prediction as it was stored
 * @param maturedAt when the target minute had closed
 * @param scored whether the figures below count
 * @param unscoredReason why not, or null when scored
 * @param actualPrice close of the candle that ends at the target time; NaN when not known
 * @param actualRevision revision of that candle then; later revisions change nothing
 * @param error predicted − actual, quote asset
 * @param naiveError last price − actual, quote asset
 * @param inside for each of the prediction's intervals, whether the actual price lay inside
 */
public record PredictionError(
        Prediction prediction,
        Instant maturedAt,
        boolean scored,
        String unscoredReason,
        double actualPrice,
        int actualRevision,
        double error,
        double naiveError,
        List<Boolean> inside) {

    /** Reason of an error record whose target minute has trades missing. */
    public static final String PARTIAL_TARGET = "PARTIAL_TARGET";
    /** Reason of an error record whose target minute was never seen. */
    public static final String NO_TARGET = "NO_TARGET";

    /** Compares a prediction that has figures with the candle that ends at its target time. */
    public static PredictionError mature(Prediction prediction, Candle target, Instant maturedAt) {
        if (!target.closeTime().equals(prediction.targetTime())) {
            throw new IllegalArgumentException(
                    "candle closes at " + target.closeTime() + ", target is " + prediction.targetTime());
        }
        if (!target.quality().isWhole()) {
            return unscored(prediction, PARTIAL_TARGET, maturedAt);
        }
        double actual = target.close();
        return new PredictionError(
                prediction,
                maturedAt,
                true,
                null,
                actual,
                target.revision(),
                prediction.predictedPrice() - actual,
                prediction.lastPrice() - actual,
                prediction.intervals().stream().map(i -> i.contains(actual)).toList());
    }

    /** The record of a prediction whose outcome can't be told. */
    public static PredictionError unscored(Prediction prediction, String reason, Instant maturedAt) {
        return new PredictionError(
                prediction, maturedAt, false, reason, Double.NaN, -1, Double.NaN, Double.NaN, List.of());
    }

    /** The prediction's id: one error each. */
    public String id() {
        return prediction.id();
    }
}
