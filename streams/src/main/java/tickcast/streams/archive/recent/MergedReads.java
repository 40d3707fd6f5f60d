package tickcast.streams.archive.recent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * Reads memory and store as one archive. Memory is looked at first, and of it only what the store may not know is laid
 * over what the store answers; so nothing is missed while records move from the one to the other.
 *
 * <p>With {@code alone}, what memory knows completely is answered without the store: everything newer than what the store
 * held when a symbol was first asked for, provided that memory sees every write since. Thread safe; never blocks.
 */
public final class MergedReads {

    private final RecentRecords recent;
    private final Archive store;
    private final boolean alone;
    private final Map<String, CompletionStage<Void>> floors = new ConcurrentHashMap<>();

    /** @param alone whether every write to the store since this was made goes through {@code recent} */
    public MergedReads(RecentRecords recent, Archive store, boolean alone) {
        this.recent = recent;
        this.store = store;
        this.alone = alone;
    }

    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return floor("candles " + symbol.name(), () -> candleFloor(symbol))
                .thenCompose(known -> merge(recent.candles(symbol, page), page, () -> store.candles(symbol, page)));
    }

    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return merge(recent.features(symbol, page), page, () -> store.features(symbol, page));
    }

    public CompletionStage<List<Sentiment>> sentiment(String subject, Page page) {
        return floor("sentiment " + subject, () -> sentimentFloor(subject))
                .thenCompose(
                        known -> merge(recent.sentiment(subject, page), page, () -> store.sentiment(subject, page)));
    }

    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return predictionFloor(symbol)
                .thenCompose(
                        known -> merge(recent.predictions(symbol, page), page, () -> store.predictions(symbol, page)));
    }

    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return errorFloor(symbol)
                .thenCompose(
                        known -> merge(recent.errors(symbol, page, false), page, () -> store.errors(symbol, page)));
    }

    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return errorFloor(symbol)
                .thenCompose(
                        known -> merge(recent.errors(symbol, page, true), page, () -> store.allErrors(symbol, page)))
                .thenApply(errors -> errors.stream()
                        .sorted(Comparator.comparing(PredictionError::prediction, Predictions.PUBLISHED_FIRST))
                        .toList());
    }

    /**
     * What errors add up to: the store reckons up to the oldest that it may not know, what is younger is read. While the
     * store is away, memory may know them all.
     */
    public CompletionStage<ErrorTotals> errorTotals(List<Symbol> symbols, Instant from, Instant to) {
        Instant cut = recent.oldestPendingError(symbols, from, to);
        if (recent.hasHole()) {
            return Archive.addUp(symbols, symbol -> allErrors(symbol, Page.all(from, to)));
        }
        return store.errorTotals(symbols, from, cut)
                .thenCompose(old -> cut.isBefore(to)
                        ? Archive.addUp(symbols, symbol -> allErrors(symbol, Page.all(cut, to)))
                                .thenApply(old::plus)
                        : CompletableFuture.completedStage(old))
                .exceptionallyCompose(failure -> isAway(failure)
                        ? Archive.addUp(symbols, symbol -> allErrors(symbol, Page.all(from, to)))
                        : CompletableFuture.failedStage(failure));
    }

    private static boolean isAway(Throwable failure) {
        return (failure instanceof CompletionException ? failure.getCause() : failure) instanceof ArchiveUnavailable;
    }

    private <T> CompletionStage<List<T>> merge(Found<T> found, Page page, Supplier<CompletionStage<List<T>>> stored) {
        if (found.complete()) {
            return CompletableFuture.completedStage(found.facts());
        }
        return recent.hasHole() ? lagging() : stored.get().thenApply(facts -> found.mergedWith(facts, page));
    }

    private static <T> CompletionStage<T> lagging() {
        return CompletableFuture.failedStage(new ArchiveUnavailable(
                "the store has not caught up with what was written; the newest records alone can be read", null));
    }

    /** Predictions with figures, a target time in the range and no error record. */
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return predictionFloor(symbol).thenCompose(known -> errorFloor(symbol)).thenCompose(known -> {
            Waiting waiting = recent.waiting(symbol, fromTarget, toTarget);
            if (waiting.complete()) {
                return CompletableFuture.completedStage(waiting.predictions());
            }
            return recent.hasHole() ? lagging() : merge(symbol, waiting, fromTarget, toTarget);
        });
    }

    private CompletionStage<List<Prediction>> merge(Symbol symbol, Waiting waiting, Instant from, Instant to) {
        return store.unmatured(symbol, from, to)
                .thenCompose(stored -> waiting.predictions().isEmpty()
                        ? CompletableFuture.completedStage(union(stored, waiting, Set.of()))
                        : maturedInStore(symbol, waiting.predictions())
                                .thenApply(matured -> union(stored, waiting, matured)));
    }

    /** Errors may reach the store before the predictions that they are about. */
    private CompletionStage<Set<String>> maturedInStore(Symbol symbol, List<Prediction> candidates) {
        Instant first = candidates.get(0).targetTime();
        Instant last = candidates.get(candidates.size() - 1).targetTime();
        return store.allErrors(symbol, Page.all(first, last.plusMillis(1))).thenApply(errors -> {
            Set<String> ids = new HashSet<>();
            errors.forEach(error -> ids.add(error.id()));
            return ids;
        });
    }

    private static List<Prediction> union(List<Prediction> stored, Waiting waiting, Set<String> maturedInStore) {
        Set<String> seen = new HashSet<>(waiting.matured());
        seen.addAll(maturedInStore);
        List<Prediction> all = new ArrayList<>();
        for (List<Prediction> part : List.of(waiting.predictions(), stored)) {
            part.stream().filter(prediction -> seen.add(prediction.id())).forEach(all::add);
        }
        all.sort(Predictions.PUBLISHED_FIRST);
        return List.copyOf(all);
    }

    /** What becomes of a prediction that is about to be written. */
    public CompletionStage<Decision> decide(Prediction prediction) {
        return predictionFloor(prediction.symbol()).thenCompose(known -> {
            Optional<Prediction> winner = recent.winner(prediction);
            if (winner.isPresent()) {
                return CompletableFuture.completedStage(new Decision(winner.get(), true));
            }
            if (recent.isDecidedHere(prediction)) {
                return CompletableFuture.completedStage(Decision.ofSameId(prediction, recent.shadowOf(prediction)));
            }
            return recent.hasHole() ? lagging() : decideByStore(prediction);
        });
    }

    private CompletionStage<Decision> decideByStore(Prediction prediction) {
        Instant asOf = prediction.asOf();
        CompletionStage<List<Prediction>> published = prediction.published()
                ? store.predictions(prediction.symbol(), Page.all(asOf, asOf.plusMillis(1)))
                : CompletableFuture.completedStage(List.of());
        return published.thenCompose(first -> first.isEmpty()
                ? sameIdInStore(prediction)
                        .thenApply(same -> Decision.ofSameId(
                                prediction, recent.shadowOf(prediction).or(() -> same)))
                : CompletableFuture.completedStage(new Decision(first.get(0), true)));
    }

    private CompletionStage<Optional<Prediction>> sameIdInStore(Prediction prediction) {
        Instant target = prediction.targetTime();
        CompletionStage<List<PredictionError>> matured =
                store.allErrors(prediction.symbol(), Page.all(target, target.plusMillis(1)));
        return store.maturing(prediction.symbol(), target).thenCombine(matured, (open, errors) -> {
            List<Prediction> all = new ArrayList<>(open);
            errors.forEach(error -> all.add(error.prediction()));
            return all.stream()
                    .filter(other -> other.id().equals(prediction.id()))
                    .findFirst();
        });
    }

    // ---- from when on memory is complete

    private CompletionStage<Void> floor(String name, Supplier<CompletionStage<Void>> reading) {
        if (!alone) {
            return CompletableFuture.completedStage(null);
        }
        CompletionStage<Void> stage = floors.computeIfAbsent(name, ignored -> reading.get());
        return stage.whenComplete((done, failure) -> {
            if (failure != null) {
                floors.remove(name, stage);
            }
        });
    }

    private CompletionStage<Void> candleFloor(Symbol symbol) {
        return store.candles(symbol, Page.latest(1))
                .thenAccept(newest -> recent.candlesCompleteFrom(symbol, after(newest, Candle::openTime)));
    }

    private CompletionStage<Void> sentimentFloor(String subject) {
        return store.sentiment(subject, Page.latest(1))
                .thenAccept(newest -> recent.sentimentCompleteFrom(subject, after(newest, Sentiment::knownAt)));
    }

    private CompletionStage<Void> errorFloor(Symbol symbol) {
        return floor(
                "errors " + symbol.name(),
                () -> store.allErrors(symbol, Page.latest(1))
                        .thenAccept(newest -> recent.errorsCompleteFrom(
                                symbol,
                                after(newest, error -> error.prediction().targetTime()))));
    }

    /** Shadows that wait may be newer than the newest published one. */
    private CompletionStage<Void> predictionFloor(Symbol symbol) {
        return floor(
                "predictions " + symbol.name(),
                () -> store.predictions(symbol, Page.latest(1))
                        .thenCompose(newest -> store.unmatured(
                                        symbol, after(newest, Prediction::targetTime), Instant.MAX)
                                .thenAccept(waiting -> {
                                    List<Prediction> all = new ArrayList<>(newest);
                                    all.addAll(waiting);
                                    recent.predictionsCompleteFrom(
                                            symbol, after(all, Prediction::asOf), after(all, Prediction::targetTime));
                                })));
    }

    private static <T> Instant after(List<T> facts, Function<T, Instant> time) {
        return facts.stream()
                .map(time)
                .max(Instant::compareTo)
                .map(newest -> newest.plusNanos(1))
                .orElse(Instant.MIN);
    }
}
