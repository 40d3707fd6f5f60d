package tickcast.actors;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** An archive in memory that can be told to fail. Thread safe. */
public final class MemoryArchive implements Archive {

    private final Map<Symbol, NavigableMap<Instant, Candle>> candles = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, FeatureVector> features = new LinkedHashMap<>();
    private final Map<String, Sentiment> sentiment = new LinkedHashMap<>();
    private final Map<String, Prediction> predictions = new LinkedHashMap<>();
    private final Map<String, PredictionError> errors = new LinkedHashMap<>();
    private final Map<String, String> notes = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private int failures;
    private int failingSweeps;
    private int sweeps;
    private Instant sweptFrom = Instant.MAX;
    private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> sweepGate = CompletableFuture.completedFuture(null);
    private int errorWrites;

    /** Whether a call waits to be released. */
    public synchronized boolean isWaitedFor() {
        return gate.getNumberOfDependents() > 0;
    }

    /** The next calls fail. */
    public synchronized void failNext(int calls) {
        failures = calls;
    }

    /** This prediction is known for its own minute alone, as one that a server refused is. */
    public synchronized void refuse(Prediction prediction) {
        refused.add(prediction.id());
    }

    /** Calls wait from now on, until released. */
    public synchronized void hold() {
        gate = new CompletableFuture<>();
    }

    /** The first calls that ask for all that was left behind fail. */
    public synchronized void failSweeps(int calls) {
        failingSweeps = calls;
    }

    /** How often all that was left behind was asked for. */
    public synchronized int sweeps() {
        return sweeps;
    }

    /** From where on what was left behind was last asked for. */
    public synchronized Instant sweptFrom() {
        return sweptFrom;
    }

    /** Calls that ask for all that was left behind wait from now on, until released. */
    public synchronized void holdSweeps() {
        sweepGate = new CompletableFuture<>();
    }

    /** Lets the calls go on. */
    public void release() {
        List<CompletableFuture<Void>> held;
        synchronized (this) {
            held = List.of(gate, sweepGate);
        }
        held.forEach(one -> one.complete(null));
    }

    /** How many error records were offered to be kept. */
    public synchronized int errorWrites() {
        return errorWrites;
    }

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> written, long epoch) {
        return call(() -> {
            written.forEach(candle -> keep(candle, epoch));
            return null;
        });
    }

    private void keep(Candle candle, long epoch) {
        String id = candle.symbol() + "|" + candle.openTime();
        long known = epochs.getOrDefault(id, Long.MIN_VALUE);
        Candle stored = candles.computeIfAbsent(candle.symbol(), symbol -> new TreeMap<>())
                .get(candle.openTime());
        if (stored == null || epoch > known || epoch == known && candle.revision() > stored.revision()) {
            epochs.put(id, epoch);
            candles.get(candle.symbol()).put(candle.openTime(), candle);
        }
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return call(() ->
                page(candles.getOrDefault(symbol, new TreeMap<>()).values(), candle -> true, Candle::openTime, page));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return call(() -> {
            vectors.forEach(vector -> features.putIfAbsent(vector.symbol() + "|" + vector.asOf(), vector));
            return null;
        });
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return call(() -> page(features.values(), vector -> vector.symbol().equals(symbol), FeatureVector::asOf, page));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> written) {
        return call(() -> {
            written.forEach(row -> sentiment.putIfAbsent(row.newsId() + "|" + row.symbol() + "|" + row.scorer(), row));
            return null;
        });
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return call(() -> page(sentiment.values(), row -> row.symbol().equals(symbol), Sentiment::knownAt, page));
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> made) {
        return call(() -> made.stream().map(this::keep).toList());
    }

    private Prediction keep(Prediction made) {
        if (made.published()) {
            Optional<Prediction> winner = predictions.values().stream()
                    .filter(Prediction::published)
                    .filter(other ->
                            other.symbol().equals(made.symbol()) && other.asOf().equals(made.asOf()))
                    .findFirst();
            if (winner.isPresent()) {
                return winner.get();
            }
        }
        return Optional.ofNullable(predictions.putIfAbsent(made.id(), made)).orElse(made);
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return call(() -> page(
                predictions.values(),
                prediction -> prediction.published() && prediction.symbol().equals(symbol),
                Prediction::asOf,
                page));
    }

    /** Every prediction, shadows too. */
    public synchronized List<Prediction> allPredictions() {
        return List.copyOf(predictions.values());
    }

    @Override
    public CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        return call(() -> waiting(symbol, targetTime, targetTime.plusMillis(1)));
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        CompletableFuture<Void> opened;
        synchronized (this) {
            sweeps++;
            sweptFrom = fromTarget;
            if (sweeps <= failingSweeps) {
                return CompletableFuture.failedStage(new ArchiveUnavailable("told to fail", null));
            }
            opened = sweepGate;
        }
        return opened.thenCompose(open -> call(() -> waiting(symbol, fromTarget, toTarget).stream()
                .filter(prediction -> !refused.contains(prediction.id()))
                .toList()));
    }

    private List<Prediction> waiting(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return predictions.values().stream()
                .filter(prediction -> prediction.symbol().equals(symbol) && prediction.hasFigures())
                .filter(prediction -> !prediction.targetTime().isBefore(fromTarget))
                .filter(prediction -> prediction.targetTime().isBefore(toTarget))
                .filter(prediction -> !errors.containsKey(prediction.id()))
                .toList();
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> matured) {
        return call(() -> {
            errorWrites += matured.size();
            matured.forEach(error -> errors.putIfAbsent(error.id(), error));
            return null;
        });
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return errors(symbol, page, Prediction::published);
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return errors(symbol, page, prediction -> true);
    }

    private CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page, Predicate<Prediction> filter) {
        return call(() -> page(
                errors.values(),
                error -> error.prediction().symbol().equals(symbol) && filter.test(error.prediction()),
                error -> error.prediction().targetTime(),
                page));
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return call(() -> Optional.ofNullable(notes.get(name)));
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return call(() -> {
            notes.put(name, value);
            return null;
        });
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return call(() -> 0L);
    }

    @Override
    public CompletionStage<Void> probe() {
        return call(() -> null);
    }

    @Override
    public void close() {}

    private synchronized <T> CompletionStage<T> call(Supplier<T> work) {
        if (failures > 0) {
            failures--;
            return CompletableFuture.failedStage(new ArchiveUnavailable("told to fail", null));
        }
        return gate.thenApply(opened -> locked(work));
    }

    private synchronized <T> T locked(Supplier<T> work) {
        return work.get();
    }

    private static <T> List<T> page(Iterable<T> all, Predicate<T> filter, Function<T, Instant> time, Page page) {
        List<T> found = new ArrayList<>();
        for (T item : all) {
            Instant at = time.apply(item);
            if (filter.test(item) && !at.isBefore(page.from()) && at.isBefore(page.to())) {
                found.add(item);
            }
        }
        found.sort(Comparator.comparing(time));
        int limit = Math.min(page.limit(), found.size());
        return List.copyOf(page.newest() ? found.subList(found.size() - limit, found.size()) : found.subList(0, limit));
    }
}
