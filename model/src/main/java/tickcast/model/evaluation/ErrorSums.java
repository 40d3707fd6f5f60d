package tickcast.model.evaluation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;

/**
 * What errors of one model version, as-of and target time add up to, whatever their symbols: all that a scoreboard needs to
 * know of them. Figures are in one unit, the quote asset or the move that volatility led to expect.
 *
 * @param modelVersion who made the predictions
 * @param published whether they were, or were shadows
 * @param asOf of the predictions
 * @param targetTime of the predictions
 * @param count scored predictions whose unit is known
 * @param unscored predictions whose outcome could not be told
 * @param error sum of |error|
 * @param naiveError sum of |naive error|
 * @param directions predictions that said a direction and whose price moved
 * @param directionHits how many of those were right
 * @param bands by rising coverage
 */
public record ErrorSums(
        String modelVersion,
        boolean published,
        Instant asOf,
        Instant targetTime,
        int count,
        int unscored,
        double error,
        double naiveError,
        int directions,
        int directionHits,
        List<Band> bands) {

    /**
     * Intervals of one coverage.
     *
     * @param coverage that was promised, 0–1
     * @param count intervals
     * @param inside prices that came to lie in theirs
     * @param width sum of high − low
     */
    public record Band(double coverage, int count, int inside, double width) {

        private Band plus(Band other) {
            return new Band(coverage, count + other.count, inside + other.inside, width + other.width);
        }
    }

    /** One error, in units of the expected move; one without such a move counts as nothing. */
    public static ErrorSums inExpectedMoves(PredictionError error) {
        return of(error, error.prediction().expectedMove());
    }

    /** One error, in its quote asset. */
    static ErrorSums inQuoteAsset(PredictionError error) {
        return of(error, 1);
    }

    private static ErrorSums of(PredictionError error, double unit) {
        boolean counts = error.scored() && unit > 0;
        boolean tells = counts && saidMove(error) != 0 && error.naiveError() != 0;
        boolean right = tells && saidMove(error) > 0 == error.naiveError() < 0;
        Prediction prediction = error.prediction();
        return new ErrorSums(
                prediction.modelVersion(),
                prediction.published(),
                prediction.asOf(),
                prediction.targetTime(),
                counts ? 1 : 0,
                error.scored() ? 0 : 1,
                counts ? Math.abs(error.error()) / unit : 0,
                counts ? Math.abs(error.naiveError()) / unit : 0,
                tells ? 1 : 0,
                right ? 1 : 0,
                counts ? bands(error, unit) : List.of());
    }

    private static double saidMove(PredictionError error) {
        return error.prediction().predictedPrice() - error.prediction().lastPrice();
    }

    private static List<Band> bands(PredictionError error, double unit) {
        List<Interval> intervals = error.prediction().intervals();
        List<Band> bands = new ArrayList<>(intervals.size());
        for (int i = 0; i < intervals.size(); i++) {
            Interval interval = intervals.get(i);
            int inside = error.inside().get(i) ? 1 : 0;
            bands.add(new Band(interval.coverage(), 1, inside, (interval.high() - interval.low()) / unit));
        }
        return bands;
    }

    /** Both together; the other is of the same version and times, and in the same unit. */
    ErrorSums plus(ErrorSums other) {
        Map<Double, Band> both = new TreeMap<>();
        bands.forEach(band -> both.merge(band.coverage(), band, Band::plus));
        other.bands.forEach(band -> both.merge(band.coverage(), band, Band::plus));
        return new ErrorSums(
                modelVersion,
                published,
                asOf,
                targetTime,
                count + other.count,
                unscored + other.unscored,
                error + other.error,
                naiveError + other.naiveError,
                directions + other.directions,
                directionHits + other.directionHits,
                List.copyOf(both.values()));
    }
}
