package tickcast.actors.market;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;

/**
 * What an earlier life of a market has stored of minutes that may be closed again now.
 *
 * @param byCloseTime the candles
 * @param byAsOf the published predictions
 * @param until what is stored later than this is not known
 */
record StoredMinutes(Map<Instant, Candle> byCloseTime, Map<Instant, Prediction> byAsOf, Instant until) {

    /** How many are looked at ahead: more than a pause that is caught up with after a start. */
    static final int MOST = 1440;

    /** Nothing is known of any minute. */
    static final StoredMinutes UNKNOWN = new StoredMinutes(Map.of(), Map.of(), Instant.MIN);

    /**
     * @param first the candle of the minute to be closed
     * @param later the oldest {@link #MOST} after it; when it is fewer there are no more
     * @param predictions the oldest {@link #MOST} from that minute on
     */
    static StoredMinutes of(Optional<Candle> first, List<Candle> later, List<Prediction> predictions) {
        Map<Instant, Candle> byCloseTime = new HashMap<>();
        first.ifPresent(candle -> byCloseTime.put(candle.closeTime(), candle));
        later.forEach(candle -> byCloseTime.put(candle.closeTime(), candle));
        Map<Instant, Prediction> byAsOf = new HashMap<>();
        predictions.forEach(prediction -> byAsOf.put(prediction.asOf(), prediction));
        Instant until =
                later.size() < MOST ? Instant.MAX : later.get(later.size() - 1).closeTime();
        return new StoredMinutes(Map.copyOf(byCloseTime), Map.copyOf(byAsOf), until);
    }

    /** Whether it is known what is stored of a minute. */
    boolean knows(Instant closeTime) {
        return !closeTime.isAfter(until);
    }

    Optional<Candle> of(Instant closeTime) {
        return Optional.ofNullable(byCloseTime.get(closeTime));
    }

    /** The published prediction of an as-of. */
    Optional<Prediction> predictionOf(Instant asOf) {
        return Optional.ofNullable(byAsOf.get(asOf));
    }
}
