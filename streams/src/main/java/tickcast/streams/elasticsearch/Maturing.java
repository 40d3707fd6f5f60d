package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Symbol;

/**
 * Which predictions still wait for their error: those of a range of target times less those with an error there. Thread safe.
 */
final class Maturing {

    /** Errors before this instant are gone, so their predictions no longer wait for them. */
    private static final String ERRORS_KEPT_FROM = "errors.kept-from";

    private final String prefix;
    private final String source;
    private final Notes notes;
    private final Finder finder;
    private final Freshness predictions;
    private final Freshness errors;
    private volatile Optional<Instant> errorsKeptFrom = Optional.empty();

    Maturing(String prefix, String source, Notes notes, Finder finder, Freshness predictions, Freshness errors) {
        this.prefix = prefix;
        this.source = source;
        this.notes = notes;
        this.finder = finder;
        this.predictions = predictions;
        this.errors = errors;
    }

    /** Predictions are looked for by the target time, so in their as-of's month or the one before. */
    CompletableFuture<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return keptFrom().thenCompose(kept -> {
            Instant from = fromTarget.isBefore(kept) ? kept : fromTarget;
            Optional<Query> inTime = Filters.between("targetTime", false, from, toTarget);
            if (inTime.isEmpty()) {
                return CompletableFuture.completedFuture(List.of());
            }
            Instant early = from.isAfter(Instant.EPOCH) ? from.minus(Duration.ofDays(31)) : from;
            Finder.Question waiting = new Finder.Question(
                    Kind.PREDICTIONS.indices(prefix, early, toTarget),
                    Filters.all(source, symbol.name(), inTime.get(), List.of(Filters.WITH_FIGURES)),
                    List.of("targetTime", "asOf", "modelVersion", "published"),
                    Integer.MAX_VALUE,
                    false);
            Finder.Question matured = new Finder.Question(
                    Kind.ERRORS.indices(prefix, from, toTarget),
                    Filters.all(source, symbol.name(), inTime.get(), List.of()),
                    List.of("targetTime", "modelVersion"),
                    Integer.MAX_VALUE,
                    false);
            return unmatured(waiting, matured);
        });
    }

    private CompletableFuture<List<Prediction>> unmatured(Finder.Question waiting, Finder.Question matured) {
        CompletableFuture<List<Prediction>> made = predictions
                .ensure()
                .thenCompose(fresh -> finder.records(waiting, Documents.of(Kind.PREDICTIONS.codec())));
        CompletableFuture<List<String>> done = errors.ensure().thenCompose(fresh -> finder.ids(matured));
        return made.thenCombine(done, (predictions, errors) -> {
            Set<String> gone = new HashSet<>(errors);
            Map<String, Prediction> left = new HashMap<>();
            predictions.stream()
                    .filter(prediction -> !gone.contains(errorId(prediction)))
                    .forEach(prediction -> left.merge(prediction.id(), prediction, (a, b) -> a.published() ? a : b));
            return left.values().stream()
                    .sorted(Comparator.comparing(Prediction::targetTime)
                            .thenComparing(Prediction::asOf)
                            .thenComparing(Prediction::modelVersion))
                    .toList();
        });
    }

    private String errorId(Prediction prediction) {
        return Kind.ERRORS.id(source, PredictionError.unscored(prediction, "", prediction.targetTime()));
    }

    private CompletableFuture<Instant> keptFrom() {
        if (errorsKeptFrom.isPresent()) {
            return CompletableFuture.completedFuture(errorsKeptFrom.get());
        }
        return notes.read(ERRORS_KEPT_FROM).thenApply(note -> {
            errorsKeptFrom = Optional.of(note.map(Instant::parse).orElse(Instant.MIN));
            return errorsKeptFrom.get();
        });
    }

    /** Remembers which errors are kept, before the earlier ones are deleted. */
    CompletableFuture<Void> noteErrorsKeptFrom(Instant from) {
        return keptFrom().thenCompose(known -> {
            if (!from.isAfter(known)) {
                return CompletableFuture.completedFuture(null);
            }
            errorsKeptFrom = Optional.of(from);
            return notes.write(ERRORS_KEPT_FROM, from.toString());
        });
    }
}
