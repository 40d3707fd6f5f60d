package tickcast.streams.exchange.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One JSON object a line. */
final class JsonLinesWriter implements RowWriter {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final OutputStream out;
    private final JsonGenerator json;
    private long rows;

    JsonLinesWriter(OutputStream out) throws IOException {
        this.out = out;
        this.json = FACTORY.createGenerator(out).setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    /** Every line says itself what it is. */
    @Override
    public void begin(Fields example) {}

    @Override
    public void write(Fields fields) throws IOException {
        writeObject(fields);
        rows++;
    }

    private void writeObject(Fields fields) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Optional<Object>> field : fields.values().entrySet()) {
            json.writeFieldName(field.getKey());
            if (field.getValue().isPresent()) {
                writeValue(field.getValue().get());
            } else {
                json.writeNull();
            }
        }
        json.writeEndObject();
    }

    private void writeValue(Object value) throws IOException {
        if (value instanceof Fields fields) {
            writeObject(fields);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                writeValue(item);
            }
            json.writeEndArray();
        } else if (value instanceof BigDecimal number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            json.writeString(value.toString());
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        json.close();
        if (rows > 0) {
            out.write('\n');
        }
        out.flush();
    }
}
