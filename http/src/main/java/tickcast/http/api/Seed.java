package tickcast.http.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.sentiment.Sentiment;

/** What was stored last before this node began to listen. */
record Seed(
        List<Candle> candles,
        List<Prediction> predictions,
        List<PredictionError> errors,
        List<Sentiment> sentiment,
        Optional<ModelCard> champion) {

    static final Seed EMPTY = new Seed(List.of(), List.of(), List.of(), List.of(), Optional.empty());

    /** Reads it. @param blocking where the registry may block */
    record Reader(List<Symbol> symbols, Archive archive, ModelRegistry models, Executor blocking) {

        private static final Page LAST = Page.latest(1);

        CompletionStage<Seed> read() {
            List<String> subjects =
                    new ArrayList<>(symbols.stream().map(Symbol::name).toList());
            subjects.add(Sentiment.MARKET_WIDE);
            var candles = each(symbols, symbol -> archive.candles(symbol, LAST)).toCompletableFuture();
            var predictions =
                    each(symbols, symbol -> archive.predictions(symbol, LAST)).toCompletableFuture();
            var errors = each(symbols, symbol -> archive.errors(symbol, LAST)).toCompletableFuture();
            var sentiment =
                    each(subjects, symbol -> archive.sentiment(symbol, LAST)).toCompletableFuture();
            var champion = CompletableFuture.supplyAsync(models::champion, blocking);
            return CompletableFuture.allOf(candles, predictions, errors, sentiment, champion)
                    .thenApply(done -> new Seed(
                            candles.join(), predictions.join(), errors.join(), sentiment.join(), champion.join()));
        }

        private static <K, T> CompletionStage<List<T>> each(List<K> keys, Function<K, CompletionStage<List<T>>> read) {
            CompletionStage<List<T>> all = CompletableFuture.completedFuture(new ArrayList<>());
            for (K key : keys) {
                all = all.thenCombine(read.apply(key), (list, found) -> {
                    list.addAll(found);
                    return list;
                });
            }
            return all;
        }
    }
}
