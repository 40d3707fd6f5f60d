package tickcast.http.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tickcast.model.evaluation.ErrorSums;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.Performance;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.evaluation.Scoreboard;
import tickcast.model.market.Symbol;

/** The JSON of one window's scores, of all and by hour. The window is {@code (from, to]}: the newest outcome belongs to it. */
final class Scores {

    static final String EXPECTED_MOVES = "sigma";

    private final List<ErrorSums> all;
    private final List<ErrorSums> published;
    private final String unit;
    private final String publishedUnit;
    private final Instant from;
    private final Instant to;

    private Scores(
            List<ErrorSums> all,
            String unit,
            List<ErrorSums> published,
            String publishedUnit,
            Instant from,
            Instant to) {
        this.all = all;
        this.unit = unit;
        this.published = published;
        this.publishedUnit = publishedUnit;
        this.from = from;
        this.to = to;
    }

    /** @param errors of every version in the window @param published those of published predictions */
    static Scores ofErrors(List<PredictionError> errors, List<PredictionError> published, Instant from, Instant to) {
        return new Scores(Scoreboard.sums(errors), unit(errors), Scoreboard.sums(published), unit(published), from, to);
    }

    /** @param totals at least those of the window */
    static Scores ofTotals(ErrorTotals totals, Instant from, Instant to) {
        List<ErrorSums> all = totals.sums().stream()
                .filter(sums ->
                        sums.targetTime().isAfter(from) && !sums.targetTime().isAfter(to))
                .toList();
        List<ErrorSums> published = all.stream().filter(ErrorSums::published).toList();
        return new Scores(all, EXPECTED_MOVES, published, EXPECTED_MOVES, from, to);
    }

    /** Whether a window has errors of one symbol alone, which count in its quote asset: totals don't tell them in that. */
    static boolean isOfOneSymbol(ErrorTotals totals, Instant from) {
        return Stream.of(totals.newest(), totals.newestPublished())
                .anyMatch(newest -> newest.values().stream()
                                .filter(target -> target.isAfter(from))
                                .limit(2)
                                .count()
                        == 1);
    }

    /** What every answer has. */
    void overall(JsonGenerator out) throws IOException {
        Json.time(out, "from", from);
        Json.time(out, "to", to);
        out.writeFieldName("overall");
        write(out, scoreboard(published).overall(), publishedUnit);
        out.writeArrayFieldStart("models");
        for (Performance model : scoreboard(all).byModel()) {
            write(out, model, unit);
        }
        out.writeEndArray();
    }

    void byHour(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("byHour");
        for (Map.Entry<Integer, Performance> entry :
                Scoreboard.byHourOfSums(published).entrySet()) {
            out.writeStartObject();
            out.writeNumberField("hour", entry.getKey());
            out.writeFieldName("score");
            write(out, entry.getValue(), publishedUnit);
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private Scoreboard scoreboard(List<ErrorSums> sums) {
        return Scoreboard.ofSums(sums, from.plusMillis(1), to.plusMillis(1));
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

    static void write(JsonGenerator out, Performance score, String unit) throws IOException {
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
