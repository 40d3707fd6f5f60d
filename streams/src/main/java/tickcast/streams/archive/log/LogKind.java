package tickcast.streams.archive.log;

import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.sentiment.Sentiment;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.record.RecordCodec;
import tickcast.streams.record.Stamped;

/** One kind of record in the log: its topic, its form and its key. */
final class LogKind<T> {

    static final LogKind<Candle> CANDLES = new LogKind<>(
            0, BusTopic.CANDLES, RecordCodec.CANDLE, candle -> candle.symbol().name());
    static final LogKind<FeatureVector> FEATURES = new LogKind<>(
            1,
            BusTopic.FEATURES,
            RecordCodec.FEATURES,
            vector -> vector.symbol().name());
    static final LogKind<Prediction> PREDICTIONS = new LogKind<>(
            2,
            BusTopic.PREDICTIONS,
            RecordCodec.PREDICTION,
            prediction -> prediction.symbol().name());
    static final LogKind<PredictionError> ERRORS = new LogKind<>(
            3,
            BusTopic.ERRORS,
            RecordCodec.ERROR,
            error -> error.prediction().symbol().name());
    static final LogKind<Sentiment> SENTIMENT =
            new LogKind<>(4, BusTopic.SENTIMENT, RecordCodec.SENTIMENT, Sentiment::symbol);

    /** In the order in which they are brought into a store: errors after the predictions that they are about. */
    static final List<LogKind<?>> ALL = List.of(CANDLES, FEATURES, SENTIMENT, PREDICTIONS, ERRORS);

    private static final int LANES = 10_000;

    private final int number;
    private final BusTopic topic;
    private final RecordCodec<T> codec;
    private final Function<T, String> key;

    private LogKind(int number, BusTopic topic, RecordCodec<T> codec, Function<T, String> key) {
        this.number = number;
        this.topic = topic;
        this.codec = codec;
        this.key = key;
    }

    BusTopic topic() {
        return topic;
    }

    RecordCodec<T> codec() {
        return codec;
    }

    /** Numbers the partitions of all kinds' topics. */
    int lane(int partition) {
        return number * LANES + partition;
    }

    /** @throws IllegalArgumentException when the fact can't be written */
    ProducerRecord<String, byte[]> record(KafkaSettings settings, Stamped<? extends T> stamped) {
        return new ProducerRecord<>(settings.name(topic), key.apply(stamped.fact()), codec.encode(stamped));
    }
}
