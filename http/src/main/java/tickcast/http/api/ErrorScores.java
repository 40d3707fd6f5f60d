package tickcast.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tickcast.model.evaluation.Duel;
import tickcast.model.evaluation.Performance;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.market.Symbol;

/** The JSON of what errors alone tell of one window, and not their totals. The window is {@code (from, to]}. */
final class ErrorScores {

    private final List<PredictionError> inside;
    private final List<PredictionError> published;
    private final Instant from;
    private final Instant to;

    /** @param errors of every version, at least those of the window */
    ErrorScores(List<PredictionError> errors, Instant from, Instant to) {
        this.inside = errors.stream()
                .filter(error -> error.prediction().targetTime().isAfter(from))
                .filter(error -> !error.prediction().targetTime().isAfter(to))
                .toList();
        this.published =
                inside.stream().filter(error -> error.prediction().published()).toList();
        this.from = from;
        this.to = to;
    }

    Scores scores() {
        return Scores.ofErrors(inside, published, from, to);
    }

    void bySymbol(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("bySymbol");
        for (Map.Entry<Symbol, Performance> entry :
                Scoreboard.bySymbol(published).entrySet()) {
            out.writeStartObject();
            out.writeStringField("symbol", entry.getKey().name());
            out.writeFieldName("score");
            Scores.write(out, entry.getValue(), entry.getKey().quote());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Every other version against one, on the predictions that both made. */
    void duels(JsonGenerator out, String against) throws IOException {
        TreeSet<String> versions = new TreeSet<>();
        inside.forEach(error -> versions.add(error.prediction().modelVersion()));
        versions.remove(against);
        out.writeArrayFieldStart("duels");
        for (String version : versions) {
            Duel duel = Duel.of(inside, version, against);
            out.writeStartObject();
            out.writeStringField("modelVersion", version);
            out.writeStringField("against", against);
            out.writeStringField("unit", Scores.EXPECTED_MOVES);
            out.writeNumberField("count", duel.rows());
            Json.number(out, "mae", duel.mae());
            Json.number(out, "againstMae", duel.rivalMae());
            Json.number(out, "gain", duel.gain());
            Json.number(out, "gainLow", duel.gainLow());
            Json.number(out, "gainHigh", duel.gainHigh());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
