package tickcast.actors.topic;

import java.time.Instant;
import tickcast.actors.CborSerializable;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;

/** What the cluster tells whoever listens, always after it was stored. For pushing only. */
public sealed interface Published extends CborSerializable {

    /** A candle closed, or a closed one was corrected (higher revision). */
    record CandleClosed(Candle candle) implements Published {}

    /** A prediction was published. */
    record PredictionMade(Prediction prediction) implements Published {}

    /** A published prediction was compared with what came. */
    record PredictionMatured(PredictionError error) implements Published {}

    /** A headline was scored. */
    record SentimentScored(tickcast.model.sentiment.Sentiment sentiment) implements Published {}

    /** The feed's state changed. @param detail one plain sentence */
    record FeedChanged(FeedState state, String detail, Instant at) implements Published {}

    /** Another model speaks, or none. @param version of the model that speaks now, or {@code naive} @param reason one plain sentence */
    record ModelChanged(String version, String reason, Instant at) implements Published {}

    /** More of the past was read back. */
    record HistoryAdvanced(HistoryProgress progress, Instant at) implements Published {}
}
