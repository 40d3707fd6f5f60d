package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
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
 * Which predictions still wait for their error: those of a range of target times less those with an error there. They are
 * compared page by page, so that a long history is never in memory. Thread safe.
 */
final class Maturing {

    /** Errors before this instant are gone, so their predictions no longer wait for them. */
    private static final String ERRORS_KEPT_FROM = "errors.kept-from";

    /** Predictions compared at once: so few that the ids of their errors fit into one answer. */
    private static final int PAGE = 2000;

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
            Map<String, Prediction> left = new HashMap<>();
            return CompletableFuture.allOf(predictions.ensure(), errors.ensure())
                    .thenCompose(fresh -> finder.pages(
                            waiting,
                            PAGE,
                            Documents.of(Kind.PREDICTIONS.codec()),
                            page -> addUnmatured(symbol, page, left)))
                    .thenApply(done -> inOrder(left.values()));
        });
    }

    /** @param page in the order of target times */
    private CompletableFuture<Void> addUnmatured(Symbol symbol, List<Prediction> page, Map<String, Prediction> left) {
        if (page.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        Instant from = page.get(0).targetTime();
        Instant to = page.get(page.size() - 1).targetTime().plusMillis(1);
        Optional<Query> inTime = Filters.between("targetTime", false, from, to);
        Finder.Question matured = new Finder.Question(
                Kind.ERRORS.indices(prefix, from, to),
                Filters.all(source, symbol.name(), inTime.orElseThrow(), List.of()),
                List.of("targetTime", "modelVersion"),
                Integer.MAX_VALUE,
                false);
        return finder.ids(matured).thenAccept(ids -> {
            Set<String> gone = new HashSet<>(ids);
            page.stream()
                    .filter(prediction -> !gone.contains(errorId(prediction)))
                    .forEach(prediction -> left.merge(prediction.id(), prediction, (a, b) -> a.published() ? a : b));
        });
    }

    private static List<Prediction> inOrder(Collection<Prediction> predictions) {
        return predictions.stream()
                .sorted(Comparator.comparing(Prediction::targetTime)
                        .thenComparing(Prediction::asOf)
                        .thenComparing(Prediction::modelVersion))
                .toList();
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
            return notes.write(ERRORS_KEPT_FROM, from.toString()).thenRun(() -> errorsKeptFrom = Optional.of(from));
        });
    }
}
