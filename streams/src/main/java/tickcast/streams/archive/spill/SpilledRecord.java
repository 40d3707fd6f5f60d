package tickcast.streams.archive.spill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.sentiment.Sentiment;
import tickcast.streams.archive.recent.Place;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.RecordCodec;
import tickcast.streams.record.Stamped;

/** How records of one kind go into a line, into memory and into the store. */
record SpilledRecord<T>(RecordCodec<T> codec, Remember<T> memory, Write<T> store) {

    /** Puts a record into memory. */
    @FunctionalInterface
    interface Remember<T> {
        void record(RecentRecords recent, T fact, long epoch, Place place);
    }

    /** Puts records of one epoch into the store. */
    @FunctionalInterface
    interface Write<T> {
        CompletionStage<?> records(Archive store, List<T> facts, long epoch);
    }

    static final SpilledRecord<Candle> CANDLE = new SpilledRecord<>(
            RecordCodec.CANDLE, RecentRecords::add, (store, facts, epoch) -> store.writeCandles(facts, epoch));
    static final SpilledRecord<FeatureVector> FEATURES = new SpilledRecord<>(
            RecordCodec.FEATURES,
            (recent, fact, epoch, place) -> recent.add(fact, place),
            (store, facts, epoch) -> store.writeFeatures(facts));
    static final SpilledRecord<Prediction> PREDICTION = new SpilledRecord<>(
            RecordCodec.PREDICTION,
            (recent, fact, epoch, place) -> recent.add(fact, place),
            (store, facts, epoch) -> store.writePredictions(facts));
    static final SpilledRecord<PredictionError> ERROR = new SpilledRecord<>(
            RecordCodec.ERROR,
            (recent, fact, epoch, place) -> recent.add(fact, place),
            (store, facts, epoch) -> store.writeErrors(facts));
    static final SpilledRecord<Sentiment> SENTIMENT = new SpilledRecord<>(
            RecordCodec.SENTIMENT,
            (recent, fact, epoch, place) -> recent.add(fact, place),
            (store, facts, epoch) -> store.writeSentiment(facts));

    private static final List<SpilledRecord<?>> ALL = List.of(CANDLE, FEATURES, PREDICTION, ERROR, SENTIMENT);
    private static final int HEAD = 48;

    /** A line read back. */
    record Line<T>(SpilledRecord<T> kind, Stamped<T> record) {

        void remember(RecentRecords recent, Place place) {
            kind.memory().record(recent, record.fact(), record.epoch(), place);
        }

        private Group group() {
            return new Group(ALL.indexOf(kind), record.epoch());
        }
    }

    /** @param kind its place in {@link #ALL} */
    private record Group(int kind, long epoch) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            return kind == other.kind ? Long.compare(epoch, other.epoch) : Integer.compare(kind, other.kind);
        }
    }

    /** The lines by kind and epoch, what is of one kind and epoch in the given order; predictions before errors. */
    static List<List<Line<?>>> together(List<Line<?>> lines) {
        Map<Group, List<Line<?>>> groups = new TreeMap<>();
        lines.forEach(line ->
                groups.computeIfAbsent(line.group(), group -> new ArrayList<>()).add(line));
        return List.copyOf(groups.values());
    }

    /** @throws MalformedRecord when the line is no record */
    static Line<?> line(byte[] bytes) throws MalformedRecord {
        String head = new String(bytes, 0, Math.min(HEAD, bytes.length), StandardCharsets.UTF_8);
        for (SpilledRecord<?> kind : ALL) {
            if (head.contains("\"kind\":\"" + kind.codec().kind() + "\"")) {
                return kind.decoded(bytes);
            }
        }
        throw new MalformedRecord("a line of no known kind: " + head);
    }

    private Line<T> decoded(byte[] bytes) throws MalformedRecord {
        return new Line<>(this, codec.decode(bytes));
    }

    /** Writes lines of this kind and one epoch. */
    CompletionStage<?> write(Archive archive, List<Line<?>> lines) {
        List<T> facts = lines.stream().map(this::fact).toList();
        return store.records(archive, facts, lines.get(0).record().epoch());
    }

    @SuppressWarnings("unchecked") // lines that go together are of the same kind
    private T fact(Line<?> line) {
        return ((Line<T>) line).record().fact();
    }
}
