package tickcast.streams.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** The least archive that a feed can be prepared with; keeps candles, vectors, predictions and errors in memory. */
public final class MemoryArchive implements Archive {

    private final Shelf<Candle> candles = new Shelf<>(Candle::symbol, Candle::openTime);
    private final Shelf<FeatureVector> features = new Shelf<>(FeatureVector::symbol, FeatureVector::asOf);
    private final Shelf<Prediction> predictions = new Shelf<>(Prediction::symbol, Prediction::asOf);
    private final Shelf<PredictionError> errors =
            new Shelf<>(e -> e.prediction().symbol(), e -> e.prediction().targetTime());

    private static final class Shelf<T> {
        private final ConcurrentMap<Symbol, TreeMap<Instant, T>> items = new ConcurrentHashMap<>();
        private final Function<T, Symbol> symbol;
        private final Function<T, Instant> time;

        Shelf(Function<T, Symbol> symbol, Function<T, Instant> time) {
            this.symbol = symbol;
            this.time = time;
        }

        synchronized CompletionStage<Void> put(List<T> written) {
            written.forEach(item -> items.computeIfAbsent(symbol.apply(item), s -> new TreeMap<>())
                    .putIfAbsent(time.apply(item), item));
            return CompletableFuture.completedStage(null);
        }

        synchronized CompletionStage<List<T>> page(Symbol of, Page page) {
            List<T> found = new ArrayList<>();
            var range = items.getOrDefault(of, new TreeMap<>()).subMap(page.from(), true, page.to(), false);
            for (T item : (page.newest() ? range.descendingMap() : range).values()) {
                if (found.size() == page.limit()) {
                    break;
                }
                found.add(item);
            }
            if (page.newest()) {
                Collections.reverse(found);
            }
            return CompletableFuture.completedStage(found);
        }
    }

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> written, long epoch) {
        return candles.put(written);
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return candles.page(symbol, page);
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return features.put(vectors);
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return features.page(symbol, page);
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> written) {
        return predictions.put(written).thenApply(done -> written);
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return predictions.page(symbol, page);
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> written) {
        return errors.put(written);
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return errors.page(symbol, page);
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return errors.page(symbol, page);
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        throw new UnsupportedOperationException("no feed writes sentiment");
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return CompletableFuture.completedStage(List.of());
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return CompletableFuture.completedStage(0L);
    }

    @Override
    public CompletionStage<Void> probe() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
        // nothing is pending
    }
}
