package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/** Predictions, published ones and shadows. */
final class PredictionCodec extends RecordCodec<Prediction> {

    PredictionCodec() {
        super("prediction");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends Prediction> record) throws IOException {
        Prediction prediction = record.fact();
        check(prediction, record.source());
        head(out, prediction);
        RecordJson.time(out, "knownAt", prediction.madeAt());
        figures(out, prediction);
        intervals(out, prediction.intervals(), List.of(), false);
        tail(out, prediction, "reason");
    }

    /** Fields that an error record repeats. */
    static void head(JsonGenerator out, Prediction prediction) throws IOException {
        RecordJson.text(out, "id", prediction.id());
        RecordJson.text(out, "symbol", prediction.symbol().name());
        RecordJson.time(out, "asOf", prediction.asOf());
        RecordJson.time(out, "madeAt", prediction.madeAt());
        RecordJson.time(out, "targetTime", prediction.targetTime());
    }

    static void figures(JsonGenerator out, Prediction prediction) throws IOException {
        RecordJson.number(out, "lastPrice", prediction.lastPrice());
        RecordJson.number(out, "predictedPrice", prediction.predictedPrice());
        RecordJson.number(out, "expectedReturn", prediction.expectedReturn());
    }

    static void intervals(JsonGenerator out, List<Interval> intervals, List<Boolean> inside, boolean judged)
            throws IOException {
        out.writeArrayFieldStart("intervals");
        for (int i = 0; i < intervals.size(); i++) {
            out.writeStartObject();
            RecordJson.number(out, "coverage", intervals.get(i).coverage());
            RecordJson.number(out, "low", intervals.get(i).low());
            RecordJson.number(out, "high", intervals.get(i).high());
            if (judged && i < inside.size()) {
                out.writeBooleanField("inside", inside.get(i));
            } else if (judged) {
                out.writeNullField("inside");
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    static void tail(JsonGenerator out, Prediction prediction, String reasonField) throws IOException {
        RecordJson.number(out, "probabilityUp", prediction.probabilityUp());
        RecordJson.text(out, "modelVersion", prediction.modelVersion());
        RecordJson.text(out, "schemaHash", prediction.schemaHash());
        RecordJson.text(out, "status", prediction.status().name());
        RecordJson.text(
                out,
                reasonField,
                prediction.reason() == null ? null : prediction.reason().name());
        out.writeBooleanField("published", prediction.published());
        RecordJson.number(out, "volatility", prediction.volatility());
        RecordJson.numbers(out, "calibration", prediction.calibration());
    }

    static void check(Prediction prediction, String source) {
        require(
                prediction.source().equals(MarketSource.labelOf(source)),
                "sources never mix: the record is of " + source + ", the prediction of " + prediction.source());
        require(
                (prediction.reason() == null) == (prediction.status() == Status.LIVE),
                "a prediction has a reason exactly when it is not live, unlike " + prediction.id());
    }

    @Override
    protected Prediction readFields(RecordFields in, String source) throws MalformedRecord {
        return read(in, source, "reason");
    }

    static Prediction read(RecordFields in, String source, String reasonField) throws MalformedRecord {
        Symbol symbol = in.symbol("symbol");
        Instant asOf = in.time("asOf");
        Instant madeAt = in.time("madeAt");
        Instant targetTime = in.time("targetTime");
        double lastPrice = in.numberOrNaN("lastPrice");
        double predictedPrice = in.numberOrNaN("predictedPrice");
        double expectedReturn = in.numberOrNaN("expectedReturn");
        List<Interval> intervals = new ArrayList<>(2);
        for (RecordFields interval : in.objects("intervals")) {
            intervals.add(new Interval(
                    interval.numberOrNaN("coverage"), interval.numberOrNaN("low"), interval.numberOrNaN("high")));
        }
        double probabilityUp = in.numberOrNaN("probabilityUp");
        String modelVersion = in.word("modelVersion");
        String schemaHash = in.text("schemaHash");
        Status status = in.oneOf("status", Status.class);
        return new Prediction(
                symbol,
                MarketSource.labelOf(source),
                asOf,
                madeAt,
                targetTime,
                lastPrice,
                predictedPrice,
                expectedReturn,
                List.copyOf(intervals),
                probabilityUp,
                modelVersion,
                schemaHash,
                status,
                reason(in, reasonField, status),
                in.flag("published"),
                in.numberOrNaN("volatility"),
                in.numbers("calibration"));
    }

    /** Null exactly when the prediction is live. */
    private static Reason reason(RecordFields in, String field, Status status) throws MalformedRecord {
        Optional<String> name = in.textOrNull(field);
        if (name.isPresent() == (status == Status.LIVE)) {
            throw new MalformedRecord("'" + field + "' must be null exactly when 'status' is \"LIVE\", was "
                    + name.map(text -> '"' + text + '"').orElse("null"));
        }
        return name.isPresent() ? in.oneOf(field, Reason.class) : null;
    }
}
