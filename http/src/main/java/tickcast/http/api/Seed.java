package tickcast.http.api;

import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import tickcast.actors.Backoff;
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

    /** Reads it. @param blocking where the registry may block */
    record Reader(List<Symbol> symbols, Archive archive, ModelRegistry models, Executor blocking) {

        private static final Page LAST = Page.latest(1);
        private static final Duration LONGEST_READ = Duration.ofSeconds(30);
        private static final Backoff UNTIL_IT_ANSWERS =
                new Backoff(Integer.MAX_VALUE, Duration.ofSeconds(1), Duration.ofSeconds(10));

        /** Reads it, again and again while the store is away, which is said once. Fails only when the system stops. */
        CompletionStage<Seed> readAtLast(ActorSystem<?> system) {
            AtomicBoolean isSaid = new AtomicBoolean();
            return UNTIL_IT_ANSWERS.run(
                    system,
                    () -> read().toCompletableFuture()
                            .orTimeout(LONGEST_READ.toSeconds(), TimeUnit.SECONDS)
                            .whenComplete((seed, failure) -> {
                                if (failure != null && isSaid.compareAndSet(false, true)) {
                                    system.log()
                                            .warn(
                                                    "What was stored last can't be read yet; prices and snapshots lack"
                                                            + " it until it can: {}",
                                                    failure.toString());
                                }
                            }));
        }

        private CompletionStage<Seed> read() {
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

        /** One after the other: at a start the markets' own reading comes first. */
        private static <K, T> CompletionStage<List<T>> each(List<K> keys, Function<K, CompletionStage<List<T>>> read) {
            List<T> all = new ArrayList<>();
            CompletionStage<Void> done = CompletableFuture.completedFuture(null);
            for (K key : keys) {
                done = done.thenCompose(before -> read.apply(key)).thenAccept(all::addAll);
            }
            return done.thenApply(last -> all);
        }
    }
}
