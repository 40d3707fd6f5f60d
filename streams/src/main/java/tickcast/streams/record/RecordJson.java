package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.time.Instant;

/**
 * How values are written in records. Doubles in their shortest form that reads back to the same bits (Schubfach, the same
 * on every JDK), not known = null, times as ISO-8601 UTC. Stateless.
 */
public final class RecordJson {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private RecordJson() {}

    /** Makes generators that write numbers as records have them. Thread safe. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** A number, or null when it is NaN or infinite: JSON has neither. */
    public static void number(JsonGenerator out, String name, double value) throws IOException {
        out.writeFieldName(name);
        number(out, value);
    }

    static void number(JsonGenerator out, double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    /** A count or an id, or null when it is negative: not known. */
    public static void count(JsonGenerator out, String name, long value) throws IOException {
        out.writeFieldName(name);
        if (value < 0) {
            out.writeNull();
        } else {
            out.writeNumber(value);
        }
    }

    /** {@code 2026-01-05T12:00:00.041Z}; six digits where there are microseconds, finer ones are cut off. */
    public static void time(JsonGenerator out, String name, Instant time) throws IOException {
        out.writeStringField(name, RecordTime.text(time));
    }

    /** Text, or null. Half a surrogate pair, which UTF-8 can't hold, becomes U+FFFD. */
    public static void text(JsonGenerator out, String name, String textOrNull) throws IOException {
        out.writeFieldName(name);
        if (textOrNull == null) {
            out.writeNull();
        } else {
            out.writeString(wellFormed(textOrNull));
        }
    }

    static void numbers(JsonGenerator out, String name, double[] values) throws IOException {
        out.writeArrayFieldStart(name);
        for (double value : values) {
            number(out, value);
        }
        out.writeEndArray();
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
