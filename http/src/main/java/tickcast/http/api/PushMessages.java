package tickcast.http.api;

import java.util.List;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/** Makes messages of records; here is where each channel's {@code seq} is defined. */
final class PushMessages {

    private final Records records;

    PushMessages(Records records) {
        this.records = records;
    }

    PushMessage nothing(Subject subject) {
        return PushMessage.nothing(subject, records.source());
    }

    PushMessage candle(Candle candle) {
        return message(
                new Subject(Channel.CANDLES, candle.symbol().name()),
                seq(candle),
                candle.revision(),
                out -> records.candle(out, candle));
    }

    PushMessage prediction(Prediction prediction) {
        return message(
                new Subject(Channel.PREDICTIONS, prediction.symbol().name()),
                seq(prediction),
                0,
                out -> records.prediction(out, prediction));
    }

    PushMessage error(PredictionError error) {
        return message(
                new Subject(Channel.ERRORS, error.prediction().symbol().name()),
                seq(error),
                0,
                out -> records.error(out, error));
    }

    /** Headlines of one symbol that became known in the same millisecond. */
    PushMessage sentiment(List<Sentiment> same) {
        return new PushMessage(
                new Subject(Channel.SENTIMENT, same.get(0).symbol()),
                seq(same.get(0)),
                0,
                records.source(),
                same.stream()
                        .<Json.Body>map(item -> out -> records.sentiment(out, item))
                        .toList());
    }

    PushMessage status(long seq, Json.Body status) {
        return message(new Subject(Channel.STATUS, Sentiment.MARKET_WIDE), seq, 0, status);
    }

    static long seq(Candle candle) {
        return Times.epochMinute(candle.openTime());
    }

    static long seq(Prediction prediction) {
        return Times.epochMinute(prediction.asOf());
    }

    static long seq(PredictionError error) {
        return Times.epochMinute(error.prediction().targetTime());
    }

    static long seq(Sentiment sentiment) {
        return sentiment.knownAt().toEpochMilli();
    }

    private PushMessage message(Subject subject, long seq, int revision, Json.Body item) {
        return new PushMessage(subject, seq, revision, records.source(), List.of(item));
    }
}
