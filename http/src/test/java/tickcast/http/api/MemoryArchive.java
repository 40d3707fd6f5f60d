package tickcast.http.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

/** Keeps everything in memory; can be made to fail. */
final class MemoryArchive implements Archive {

    private final Map<Symbol, ConcurrentSkipListMap<Instant, Candle>> candles = new ConcurrentHashMap<>();
    private final List<FeatureVector> features = new CopyOnWriteArrayList<>();
    private final List<Sentiment> sentiment = new CopyOnWriteArrayList<>();
    private final Map<Symbol, ConcurrentSkipListMap<Instant, Prediction>> predictions = new ConcurrentHashMap<>();
    private final List<PredictionError> errors = new CopyOnWriteArrayList<>();
    private volatile RuntimeException failure;
    private final CompletableFuture<Void> refused = new CompletableFuture<>();

    void failWith(RuntimeException next) {
        failure = next;
    }

    /** Waits until something was asked in vain. */
    void awaitRefusal() {
        refused.orTimeout(10, TimeUnit.SECONDS).join();
    }

    void heal() {
        failure = null;
    }

    private <T> CompletionStage<T> answer(Supplier<T> value) {
        RuntimeException now = failure;
        if (now == null) {
            return CompletableFuture.supplyAsync(value);
        }
        refused.complete(null);
        return CompletableFuture.failedFuture(now);
    }

    private static <T> List<T> cut(List<T> all, Function<T, Instant> timeOf, Page page) {
        List<T> inside = all.stream()
                .filter(item -> !timeOf.apply(item).isBefore(page.from())
                        && timeOf.apply(item).isBefore(page.to()))
                .sorted(Comparator.comparing(timeOf))
                .toList();
        int count = Math.min(page.limit(), inside.size());
        return page.newest() ? inside.subList(inside.size() - count, inside.size()) : inside.subList(0, count);
    }

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> given, long epoch) {
        given.forEach(candle -> candles.computeIfAbsent(candle.symbol(), key -> new ConcurrentSkipListMap<>())
                .merge(candle.openTime(), candle, (a, b) -> b.revision() > a.revision() ? b : a));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return answer(() -> cut(
                new ArrayList<>(candles.getOrDefault(symbol, new ConcurrentSkipListMap<>())
                        .values()),
                Candle::openTime,
                page));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> given) {
        features.addAll(given);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return answer(() ->
                cut(features.stream().filter(v -> v.symbol().equals(symbol)).toList(), FeatureVector::asOf, page));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> given) {
        sentiment.addAll(given);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return answer(() ->
                cut(sentiment.stream().filter(s -> s.symbol().equals(symbol)).toList(), Sentiment::knownAt, page));
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> given) {
        given.forEach(made -> predictions
                .computeIfAbsent(made.symbol(), key -> new ConcurrentSkipListMap<>())
                .putIfAbsent(made.asOf(), made));
        return CompletableFuture.completedFuture(given);
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return answer(() -> cut(
                new ArrayList<>(predictions
                        .getOrDefault(symbol, new ConcurrentSkipListMap<>())
                        .values()),
                Prediction::asOf,
                page));
    }

    @Override
    public CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        return answer(List::of);
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return answer(List::of);
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> given) {
        errors.addAll(given);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return allErrors(symbol, page)
                .thenApply(all ->
                        all.stream().filter(e -> e.prediction().published()).toList());
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return answer(() -> cut(
                errors.stream()
                        .filter(e -> e.prediction().symbol().equals(symbol))
                        .toList(),
                e -> e.prediction().targetTime(),
                page));
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return answer(Optional::empty);
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return answer(() -> null);
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return answer(() -> 0L);
    }

    @Override
    public CompletionStage<Void> probe() {
        return answer(() -> null);
    }

    @Override
    public void close() {}
}
