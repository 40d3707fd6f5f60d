package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/** Candles and predictions in memory: as much of an archive as a feed needs. */
final class CandleArchive implements Archive {

    private record Kept(Candle candle, long epoch) {

        Kept orNewer(Kept other) {
            boolean newer = other.epoch > epoch || other.epoch == epoch && other.candle.revision() > candle.revision();
            return newer ? other : this;
        }
    }

    private final Map<Symbol, TreeMap<Instant, Kept>> candles = new HashMap<>();
    private final List<Prediction> predictions = new ArrayList<>();
    private final Map<String, String> notes = new HashMap<>();

    @Override
    public synchronized CompletionStage<Void> writeCandles(List<Candle> written, long epoch) {
        written.forEach(candle -> candles.computeIfAbsent(candle.symbol(), symbol -> new TreeMap<>())
                .merge(candle.openTime(), new Kept(candle, epoch), Kept::orNewer));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return CompletableFuture.completedStage(
                candles.getOrDefault(symbol, new TreeMap<>()).subMap(page.from(), page.to()).values().stream()
                        .map(Kept::candle)
                        .toList());
    }

    @Override
    public synchronized CompletionStage<List<Prediction>> writePredictions(List<Prediction> written) {
        predictions.addAll(written);
        return CompletableFuture.completedStage(written);
    }

    @Override
    public synchronized CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        List<Prediction> own = predictions.stream()
                .filter(made -> made.symbol().equals(symbol))
                .toList();
        return CompletableFuture.completedStage(own.subList(Math.max(0, own.size() - page.limit()), own.size()));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        throw notNeeded();
    }

    @Override
    public synchronized CompletionStage<Optional<String>> note(String name) {
        return CompletableFuture.completedStage(Optional.ofNullable(notes.get(name)));
    }

    @Override
    public synchronized CompletionStage<Void> writeNote(String name, String value) {
        notes.put(name, value);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        throw notNeeded();
    }

    @Override
    public CompletionStage<Void> probe() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {}

    private static UnsupportedOperationException notNeeded() {
        return new UnsupportedOperationException("a feed does not need this");
    }
}
