package tickcast.streams.archive.recent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.sentiment.Sentiment;

/** Identifies a record within its series and orders it: by time, to the unit that archives keep, then by the rest of its id. */
record Key(Instant time, String rest) implements Comparable<Key> {

    static Key of(Candle candle) {
        return new Key(candle.openTime(), "");
    }

    static Key of(FeatureVector vector) {
        return new Key(vector.asOf().truncatedTo(ChronoUnit.MILLIS), vector.schemaHash());
    }

    static Key of(Sentiment sentiment) {
        return new Key(
                sentiment.knownAt().truncatedTo(ChronoUnit.MICROS), sentiment.newsId() + '\n' + sentiment.scorer());
    }

    static Key ofPublished(Prediction prediction) {
        return new Key(prediction.asOf().truncatedTo(ChronoUnit.MILLIS), "");
    }

    /** What its id says. */
    static Key ofId(Prediction prediction) {
        return new Key(prediction.targetTime().truncatedTo(ChronoUnit.MILLIS), prediction.modelVersion());
    }

    /** Its prediction's. */
    static Key of(PredictionError error) {
        return ofId(error.prediction());
    }

    /** The first key of that time, were there one. */
    static Key from(Instant time) {
        return new Key(time, "");
    }

    @Override
    public int compareTo(Key other) {
        int byTime = time.compareTo(other.time);
        return byTime != 0 ? byTime : rest.compareTo(other.rest);
    }
}
