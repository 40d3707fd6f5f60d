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

/** The JSON of one window's scores. The window is {@code (from, to]}: the newest outcome belongs to it. */
final class Scores {

    private static final String EXPECTED_MOVES = "sigma";

    private final List<PredictionError> inside;
    private final List<PredictionError> published;
    private final Instant from;
    private final Instant to;

    /** @param errors of every version, at least those of the window */
    Scores(List<PredictionError> errors, Instant from, Instant to) {
        this.inside = errors.stream()
                .filter(error -> error.prediction().targetTime().isAfter(from))
                .filter(error -> !error.prediction().targetTime().isAfter(to))
                .toList();
        this.published =
                inside.stream().filter(error -> error.prediction().published()).toList();
        this.from = from;
        this.to = to;
    }

    /** What every answer has. */
    void overall(JsonGenerator out) throws IOException {
        Json.time(out, "from", from);
        Json.time(out, "to", to);
        out.writeFieldName("overall");
        write(out, scoreboard(published).overall(), unit(published));
        out.writeArrayFieldStart("models");
        for (Performance model : scoreboard(inside).byModel()) {
            write(out, model, unit(inside));
        }
        out.writeEndArray();
    }

    void bySymbol(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("bySymbol");
        for (Map.Entry<Symbol, Performance> entry :
                Scoreboard.bySymbol(published).entrySet()) {
            out.writeStartObject();
            out.writeStringField("symbol", entry.getKey().name());
            out.writeFieldName("score");
            write(out, entry.getValue(), entry.getKey().quote());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    void byHour(JsonGenerator out) throws IOException {
        String unit = unit(published);
        out.writeArrayFieldStart("byHour");
        for (Map.Entry<Integer, Performance> entry :
                Scoreboard.byHour(published).entrySet()) {
            out.writeStartObject();
            out.writeNumberField("hour", entry.getKey());
            out.writeFieldName("score");
            write(out, entry.getValue(), unit);
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
            out.writeStringField("unit", EXPECTED_MOVES);
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

    private Scoreboard scoreboard(List<PredictionError> errors) {
        return Scoreboard.of(errors, from.plusMillis(1), to.plusMillis(1));
    }

    /** As {@link Scoreboard} counts: several symbols in units of the move that volatility led to expect. */
    private static String unit(List<PredictionError> errors) {
        List<Symbol> symbols = errors.stream()
                .map(error -> error.prediction().symbol())
                .distinct()
                .limit(2)
                .toList();
        return symbols.size() == 1 ? symbols.get(0).quote() : EXPECTED_MOVES;
    }

    private static void write(JsonGenerator out, Performance score, String unit) throws IOException {
        out.writeStartObject();
        out.writeStringField("modelVersion", score.modelVersion());
        out.writeStringField("unit", unit);
        out.writeNumberField("count", score.count());
        out.writeNumberField("unscored", score.unscored());
        Json.number(out, "mae", score.mae());
        Json.number(out, "naiveMae", score.naiveMae());
        Json.number(out, "skill", score.skill());
        Json.number(out, "skillLow", score.skillLow());
        Json.number(out, "skillHigh", score.skillHigh());
        out.writeNumberField("directionCount", score.directionCount());
        Json.number(out, "directionAccuracy", score.directionAccuracy());
        out.writeArrayFieldStart("intervals");
        for (Performance.IntervalPerformance interval : score.intervals()) {
            out.writeStartObject();
            Json.number(out, "coverage", interval.coverage());
            Json.number(out, "observed", interval.actualCoverage());
            Json.number(out, "observedLow", interval.coverageLow());
            Json.number(out, "observedHigh", interval.coverageHigh());
            Json.number(out, "width", interval.meanWidth());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
