package tickcast.streams.archive.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
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

/** A store that goes away, or refuses some candles, when it is told to. */
public final class FlakyArchive implements Archive {

    private final Archive archive;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean away;
    private volatile Predicate<Candle> refused = candle -> false;

    FlakyArchive(Archive archive) {
        this.archive = archive;
    }

    public void goAway() {
        away = true;
    }

    public void comeBack() {
        away = false;
    }

    /** Refuses such candles from now on. */
    public void refuse(Predicate<Candle> candles) {
        refused = candles;
    }

    /** Calls so far, those that failed included. */
    public int calls() {
        return calls.get();
    }

    private <T> CompletionStage<T> unlessAway(Supplier<CompletionStage<T>> call) {
        calls.incrementAndGet();
        return away ? CompletableFuture.failedStage(new ArchiveUnavailable("the store is away", null)) : call.get();
    }

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
        if (!away && candles.stream().anyMatch(refused)) {
            return CompletableFuture.failedStage(new IllegalArgumentException("the store dislikes a candle"));
        }
        return unlessAway(() -> archive.writeCandles(candles, epoch));
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return unlessAway(() -> archive.candles(symbol, page));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return unlessAway(() -> archive.writeFeatures(vectors));
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return unlessAway(() -> archive.features(symbol, page));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        return unlessAway(() -> archive.writeSentiment(sentiment));
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return unlessAway(() -> archive.sentiment(symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
        return unlessAway(() -> archive.writePredictions(predictions));
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return unlessAway(() -> archive.predictions(symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant from, Instant to) {
        return unlessAway(() -> archive.unmatured(symbol, from, to));
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
        return unlessAway(() -> archive.writeErrors(errors));
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return unlessAway(() -> archive.errors(symbol, page));
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return unlessAway(() -> archive.allErrors(symbol, page));
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return unlessAway(() -> archive.note(name));
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return unlessAway(() -> archive.writeNote(name, value));
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return unlessAway(() -> archive.expire(retention, now));
    }

    @Override
    public CompletionStage<Void> probe() {
        return unlessAway(archive::probe);
    }

    @Override
    public void close() {
        archive.close();
    }
}
