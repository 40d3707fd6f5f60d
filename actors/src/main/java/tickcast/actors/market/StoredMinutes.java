package tickcast.actors.market;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;

/**
 * Minutes that an earlier life of a market has stored and that may be closed again now.
 *
 * @param byCloseTime the stored candles
 * @param predictions published ones by as-of whose vectors are stored too
 * @param until what is stored later than this is not known
 */
record StoredMinutes(Map<Instant, Candle> byCloseTime, Map<Instant, Prediction> predictions, Instant until) {

    /** How many are looked at ahead: more than a pause that is caught up with after a start. */
    static final int MOST = 1440;

    /** Nothing is known of any minute. */
    static final StoredMinutes UNKNOWN = new StoredMinutes(Map.of(), Map.of(), Instant.MIN);

    /**
     * @param first the candle of the minute to be closed
     * @param later the oldest {@link #MOST} after it; when it is fewer there are no more
     * @param predictions those of these minutes that were published
     * @param vectors those of these minutes
     */
    static StoredMinutes of(
            Optional<Candle> first, List<Candle> later, List<Prediction> predictions, List<FeatureVector> vectors) {
        Map<Instant, Candle> byCloseTime = new HashMap<>();
        first.ifPresent(candle -> byCloseTime.put(candle.closeTime(), candle));
        later.forEach(candle -> byCloseTime.put(candle.closeTime(), candle));
        Instant until =
                later.size() < MOST ? Instant.MAX : later.get(later.size() - 1).closeTime();
        return new StoredMinutes(Map.copyOf(byCloseTime), whole(predictions, vectors), until);
    }

    /** A prediction without its vector has to be made again, for the vector's sake. */
    private static Map<Instant, Prediction> whole(List<Prediction> predictions, List<FeatureVector> vectors) {
        Set<Instant> asOfs = vectors.stream().map(FeatureVector::asOf).collect(Collectors.toSet());
        return predictions.stream()
                .filter(prediction -> asOfs.contains(prediction.asOf()))
                .collect(Collectors.toUnmodifiableMap(Prediction::asOf, prediction -> prediction, (a, b) -> a));
    }

    /** A minute's prediction, when nothing is left to be done about it. */
    Optional<Prediction> predictionOf(Instant asOf) {
        return Optional.ofNullable(predictions.get(asOf));
    }

    /** Whether it is known what is stored of a minute. */
    boolean knows(Instant closeTime) {
        return !closeTime.isAfter(until);
    }

    Optional<Candle> of(Instant closeTime) {
        return Optional.ofNullable(byCloseTime.get(closeTime));
    }
}
