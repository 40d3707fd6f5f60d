package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;

/** Matured predictions: flat, with everything that the prediction's own record says. */
final class ErrorCodec extends RecordCodec<PredictionError> {

    ErrorCodec() {
        super("error");
    }

    @Override
    protected void writeFields(JsonGenerator out, Stamped<? extends PredictionError> record) throws IOException {
        PredictionError error = record.fact();
        Prediction prediction = error.prediction();
        check(error, record.source());
        PredictionCodec.head(out, prediction);
        RecordJson.time(out, "maturedAt", error.maturedAt());
        RecordJson.time(out, "knownAt", error.maturedAt());
        out.writeBooleanField("scored", error.scored());
        RecordJson.text(out, "reason", error.unscoredReason());
        PredictionCodec.figures(out, prediction);
        RecordJson.number(out, "actualPrice", error.actualPrice());
        RecordJson.count(out, "actualRevision", error.actualRevision());
        RecordJson.number(out, "error", error.error());
        RecordJson.number(out, "naiveError", error.naiveError());
        PredictionCodec.intervals(out, prediction.intervals(), error.inside(), true);
        PredictionCodec.tail(out, prediction, "statusReason");
    }

    private static void check(PredictionError error, String source) {
        PredictionCodec.check(error.prediction(), source);
        require(
                error.inside().size() <= error.prediction().intervals().size(),
                "an error says of its prediction's intervals, and no others, whether the price lay inside");
        require(
                (error.unscoredReason() == null) == error.scored(),
                "an error has a reason exactly when it is not scored, unlike that of " + error.id());
    }

    @Override
    protected PredictionError readFields(RecordFields in, String source) throws MalformedRecord {
        Prediction prediction = PredictionCodec.read(in, source, "statusReason");
        boolean scored = in.flag("scored");
        String reason = in.textOrNull("reason").orElse(null);
        if ((reason == null) != scored) {
            throw new MalformedRecord("'reason' must be null exactly when 'scored' is true");
        }
        return new PredictionError(
                prediction,
                in.time("maturedAt"),
                scored,
                reason,
                in.numberOrNaN("actualPrice"),
                (int) in.countOrUnknown("actualRevision", Integer.MAX_VALUE),
                in.numberOrNaN("error"),
                in.numberOrNaN("naiveError"),
                inside(in));
    }

    /** Known for the first intervals, for all of them or for none. */
    private static List<Boolean> inside(RecordFields in) throws MalformedRecord {
        List<Boolean> inside = new ArrayList<>(2);
        for (RecordFields interval : in.objects("intervals")) {
            if (!interval.has("inside")) {
                break;
            }
            inside.add(interval.flag("inside"));
        }
        return List.copyOf(inside);
    }
}
