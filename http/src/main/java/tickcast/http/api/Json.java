package tickcast.http.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import tickcast.model.market.Times;

/** JSON as it leaves the house: doubles that round-trip in plain notation, NaN as null, times as ISO-8601 with millis. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    @FunctionalInterface
    interface Body {
        void writeTo(JsonGenerator out) throws IOException;
    }

    @FunctionalInterface
    interface ItemWriter<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    static byte[] bytes(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            body.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void number(JsonGenerator out, String name, double value) throws IOException {
        out.writeFieldName(name);
        number(out, value);
    }

    static void number(JsonGenerator out, double value) throws IOException {
        if (!Double.isFinite(value)) {
            out.writeNull();
            return;
        }
        String text = Double.toString(value);
        boolean scientific = text.indexOf('E') >= 0;
        double size = Math.abs(value);
        out.writeNumber(scientific && size < 1e21 && size > 1e-18 ? new BigDecimal(text).toPlainString() : text);
    }

    static void time(JsonGenerator out, String name, Instant time) throws IOException {
        out.writeStringField(name, Times.iso(time));
    }

    static void text(JsonGenerator out, String name, Object textOrNull) throws IOException {
        if (textOrNull == null) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, textOrNull.toString());
        }
    }
}
