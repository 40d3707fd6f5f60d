package tickcast.model.evaluation;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tickcast.model.market.Symbol;

/**
 * The errors of several symbols in a range of target times, added up in units of the move that volatility led to expect: as
 * many figures as there are minutes and versions, however many symbols.
 *
 * @param sums by target time, as-of, version, shadows last; one of each
 * @param newest the newest target time of each symbol that has an error there
 * @param newestPublished the same of published predictions
 */
public record ErrorTotals(List<ErrorSums> sums, Map<Symbol, Instant> newest, Map<Symbol, Instant> newestPublished) {

    /** No error at all. */
    public static final ErrorTotals NONE = new ErrorTotals(List.of(), Map.of(), Map.of());

    private static final Comparator<ErrorSums> ORDER = Comparator.comparing(ErrorSums::targetTime)
            .thenComparing(ErrorSums::asOf)
            .thenComparing(ErrorSums::modelVersion)
            .thenComparing(sums -> !sums.published());

    /** Adds up. */
    public static ErrorTotals of(List<PredictionError> errors) {
        Map<Symbol, Instant> newest = new HashMap<>();
        Map<Symbol, Instant> newestPublished = new HashMap<>();
        for (PredictionError error : errors) {
            Symbol symbol = error.prediction().symbol();
            Instant target = error.prediction().targetTime();
            newest.merge(symbol, target, ErrorTotals::later);
            if (error.prediction().published()) {
                newestPublished.merge(symbol, target, ErrorTotals::later);
            }
        }
        return new ErrorTotals(
                sum(errors.stream().map(ErrorSums::inExpectedMoves)), Map.copyOf(newest), Map.copyOf(newestPublished));
    }

    /** Both together; they have no error in common. */
    public ErrorTotals plus(ErrorTotals other) {
        return new ErrorTotals(
                sum(Stream.concat(sums.stream(), other.sums.stream())),
                laterOfBoth(newest, other.newest),
                laterOfBoth(newestPublished, other.newestPublished));
    }

    private static List<ErrorSums> sum(Stream<ErrorSums> parts) {
        Map<ErrorSums, ErrorSums> all = new TreeMap<>(ORDER);
        parts.forEach(part -> all.merge(part, part, ErrorSums::plus));
        return List.copyOf(all.values());
    }

    private static Map<Symbol, Instant> laterOfBoth(Map<Symbol, Instant> a, Map<Symbol, Instant> b) {
        Map<Symbol, Instant> both = new HashMap<>(a);
        b.forEach((symbol, time) -> both.merge(symbol, time, ErrorTotals::later));
        return Map.copyOf(both);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
