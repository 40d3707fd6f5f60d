package tickcast.actors.market;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/**
 * What the archive knows that the state of a market at {@code closeTime} depends on.
 *
 * @param closeTime the as-of in question
 * @param before the newest candle before the recursions' start, if there is one: a hole at the start is bridged from it
 * @param candles newest revisions from the recursions' start to {@code closeTime}, that minute included
 * @param stored what an earlier life closed, from {@code closeTime} on
 * @param predictions the newest published ones before {@code closeTime}
 * @param sentiment about the symbol and the market, from 24 hours before {@code closeTime} on
 */
record History(
        Instant closeTime,
        Optional<Candle> before,
        List<Candle> candles,
        StoredMinutes stored,
        List<Prediction> predictions,
        List<Sentiment> sentiment) {

    /** How long a headline is remembered. */
    private static final Duration NEWS_MEMORY = Duration.ofHours(24);
    /** More predictions than horizon minutes, so that all whose target is open are among them. */
    private static final int PREDICTION_MARGIN = 3;

    /** Reads it. All reads run side by side. */
    static CompletionStage<History> read(Archive archive, Symbol symbol, Instant closeTime, int horizonMinutes) {
        Instant start = Times.recursionStart(closeTime);
        Instant newsStart = closeTime.minus(NEWS_MEMORY);
        CompletionStage<List<Candle>> before = archive.candles(symbol, Page.backward(Instant.MIN, start, 1));
        CompletionStage<List<Candle>> candles = archive.candles(symbol, Page.all(start, closeTime));
        CompletionStage<List<Prediction>> predictions =
                archive.predictions(symbol, Page.backward(Instant.MIN, closeTime, horizonMinutes + PREDICTION_MARGIN));
        CompletionStage<List<Sentiment>> own = archive.sentiment(symbol.name(), Page.all(newsStart, Instant.MAX));
        CompletionStage<List<Sentiment>> marketWide =
                archive.sentiment(Sentiment.MARKET_WIDE, Page.all(newsStart, Instant.MAX));
        CompletionStage<List<Sentiment>> sentiment = own.thenCombine(marketWide, History::concat);
        return before.thenCombine(
                        candles,
                        (b, c) -> new History(closeTime, newest(b), c, StoredMinutes.UNKNOWN, List.of(), List.of()))
                .thenCombine(stored(archive, symbol, closeTime, candles), History::withStored)
                .thenCombine(predictions, History::withPredictions)
                .thenCombine(sentiment, History::withSentiment);
    }

    private static CompletionStage<StoredMinutes> stored(
            Archive archive, Symbol symbol, Instant closeTime, CompletionStage<List<Candle>> candles) {
        Page later = Page.forward(closeTime, Instant.MAX, StoredMinutes.MOST);
        CompletionStage<List<Candle>> laterCandles = archive.candles(symbol, later);
        CompletionStage<List<Prediction>> predictions = archive.predictions(symbol, later);
        CompletionStage<List<FeatureVector>> vectors = archive.features(symbol, later);
        return candles.thenApply(known ->
                        newest(known).filter(candle -> candle.closeTime().equals(closeTime)))
                .thenCompose(first -> laterCandles.thenCompose(found ->
                        predictions.thenCombine(vectors, (made, seen) -> StoredMinutes.of(first, found, made, seen))));
    }

    private History withStored(StoredMinutes found) {
        return new History(closeTime, before, candles, found, predictions, sentiment);
    }

    private History withPredictions(List<Prediction> found) {
        return new History(closeTime, before, candles, stored, found, sentiment);
    }

    private History withSentiment(List<Sentiment> found) {
        return new History(closeTime, before, candles, stored, predictions, found);
    }

    private static Optional<Candle> newest(List<Candle> candles) {
        return candles.isEmpty() ? Optional.empty() : Optional.of(candles.get(candles.size() - 1));
    }

    private static List<Sentiment> concat(List<Sentiment> one, List<Sentiment> other) {
        List<Sentiment> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
