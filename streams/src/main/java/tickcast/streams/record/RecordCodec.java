package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.sentiment.Sentiment;

/**
 * Turns one kind of fact into its JSON record and back, bit for bit: doubles, NaN, ids beyond 2^53 and times to the
 * microsecond. A record begins with {@code v}, {@code kind}, {@code source} and {@code epoch}; fields that a reader does
 * not know are skipped, so that the format may grow; a higher {@code v} is refused. Stateless and thread safe.
 */
public abstract class RecordCodec<T> {

    public static final RecordCodec<Candle> CANDLE = new CandleCodec();
    public static final RecordCodec<FeatureVector> FEATURES = new FeatureCodec();
    public static final RecordCodec<Prediction> PREDICTION = new PredictionCodec();
    public static final RecordCodec<PredictionError> ERROR = new ErrorCodec();
    public static final RecordCodec<Sentiment> SENTIMENT = new SentimentCodec();

    /** The version of the format that is written; the highest that is read. */
    public static final int VERSION = 1;

    private final String kind;

    /** @param kind what the records' field {@code kind} says */
    protected RecordCodec(String kind) {
        this.kind = kind;
    }

    /** What the records' field {@code kind} says. */
    public final String kind() {
        return kind;
    }

    /** Writes the fields that follow the head. */
    protected abstract void writeFields(JsonGenerator out, Stamped<? extends T> record) throws IOException;

    /** Takes the fact from the record's fields; {@code source} is the record's own. */
    protected abstract T readFields(RecordFields in, String source) throws MalformedRecord;

    /**
     * One record as UTF-8.
     *
     * @throws IllegalArgumentException when the fact can't be written so that it is read again
     */
    public final byte[] encode(Stamped<? extends T> record) {
        return encode(record, (out, fact) -> {});
    }

    /** Fields that follow a record's own. */
    @FunctionalInterface
    public interface More<T> {
        /** Writes them into the open object. */
        void write(JsonGenerator out, T fact) throws IOException;
    }

    /**
     * The same with more fields, which readers of the record skip.
     *
     * @throws IllegalArgumentException when the fact can't be written so that it is read again
     */
    public final byte[] encode(Stamped<? extends T> record, More<? super T> more) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = RecordJson.factory().createGenerator(bytes)) {
            write(out, record, more);
        } catch (IOException e) {
            throw new UncheckedIOException("a record could not be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes one record as an object.
     *
     * @throws IllegalArgumentException when the fact can't be written so that it is read again
     */
    public final void write(JsonGenerator out, Stamped<? extends T> record) throws IOException {
        write(out, record, (same, fact) -> {});
    }

    private void write(JsonGenerator out, Stamped<? extends T> record, More<? super T> more) throws IOException {
        out.writeStartObject();
        out.writeNumberField("v", VERSION);
        out.writeStringField("kind", kind);
        out.writeStringField("source", record.source());
        out.writeNumberField("epoch", record.epoch());
        writeFields(out, record);
        more.write(out, record.fact());
        out.writeEndObject();
    }

    /** Reads one record that fills the whole array. */
    public final Stamped<T> decode(byte[] bytes) throws MalformedRecord {
        return decode(bytes, 0, bytes.length);
    }

    /** Reads one record that fills this part of the array. */
    public final Stamped<T> decode(byte[] bytes, int offset, int length) throws MalformedRecord {
        try (JsonParser parser = RecordJson.factory().createParser(bytes, offset, length)) {
            parser.nextToken();
            Stamped<T> record = read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedRecord("something follows the record");
            }
            return record;
        } catch (JsonProcessingException e) {
            throw new MalformedRecord("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedRecord("can't be read: " + e.getMessage(), e);
        }
    }

    /** Reads the object whose {@code START_OBJECT} is the parser's current token; leaves the parser on its end. */
    public final Stamped<T> read(JsonParser parser) throws IOException, MalformedRecord {
        return read(fields(parser));
    }

    /** Reads the object's fields; kinds that hold long arrays read those as they come. */
    protected RecordFields fields(JsonParser parser) throws IOException, MalformedRecord {
        return RecordFields.read(parser);
    }

    private Stamped<T> read(RecordFields in) throws MalformedRecord {
        in.whole("v", 1, VERSION);
        String found = in.word("kind");
        if (!found.equals(kind)) {
            throw new MalformedRecord("'kind' must be \"" + kind + "\", was \"" + found + '"');
        }
        String source = in.word("source");
        long epoch = in.whole("epoch", 0, Long.MAX_VALUE);
        return new Stamped<>(readFields(in, source), source, epoch);
    }

    /** For facts that don't make a record. */
    static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
