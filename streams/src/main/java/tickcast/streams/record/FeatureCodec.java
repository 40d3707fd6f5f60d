package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;

/** Feature vectors: the values in the order of the schema, null = not known. */
final class FeatureCodec extends RecordCodec<FeatureVector> {

    FeatureCodec() {
        super("features");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends FeatureVector> record) throws IOException {
        FeatureVector vector = record.fact();
        FeatureSchema current = FeatureSchema.current();
        RecordJson.text(out, "symbol", vector.symbol().name());
        RecordJson.time(out, "asOf", vector.asOf());
        RecordJson.time(out, "knownAt", vector.knownAt());
        RecordJson.text(out, "schemaId", vector.schemaHash().equals(current.hash()) ? current.id() : null);
        RecordJson.text(out, "schemaHash", vector.schemaHash());
        RecordJson.number(out, "lastPrice", vector.lastPrice());
        RecordJson.number(out, "volatility", vector.volatility());
        out.writeArrayFieldStart("missingSymbols");
        if (!vector.missing().isEmpty()) {
            for (String symbol : vector.missing().split(",", -1)) {
                out.writeString(symbol);
            }
        }
        out.writeEndArray();
        RecordJson.numbers(out, "values", vector.values());
    }

    @Override
    protected FeatureVector readFields(RecordFields in, String source) throws MalformedRecord {
        var symbol = in.symbol("symbol");
        var asOf = in.time("asOf");
        var knownAt = in.time("knownAt");
        String schemaHash = in.text("schemaHash");
        double lastPrice = in.numberOrNaN("lastPrice");
        double volatility = in.numberOrNaN("volatility");
        String missing = String.join(",", in.texts("missingSymbols"));
        return new FeatureVector(
                symbol, asOf, knownAt, schemaHash, in.numbers("values"), lastPrice, volatility, missing);
    }
}
