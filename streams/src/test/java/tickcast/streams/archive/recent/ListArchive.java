package tickcast.streams.archive.recent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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

/** An archive as plain as can be: lists, searched from end to end. */
final class ListArchive implements Archive {

    private final List<Candle> candles = new ArrayList<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final List<FeatureVector> features = new ArrayList<>();
    private final List<Sentiment> sentiment = new ArrayList<>();
    final List<Prediction> predictions = new ArrayList<>();
    private final List<PredictionError> errors = new ArrayList<>();

    /** Reads so far. */
    int reads;

    boolean away;

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> written, long epoch) {
        for (Candle candle : written) {
            String id = candle.symbol() + "|" + candle.openTime();
            Optional<Candle> before = candles.stream()
                    .filter(c ->
                            c.symbol().equals(candle.symbol()) && c.openTime().equals(candle.openTime()))
                    .findFirst();
            long epochBefore = epochs.getOrDefault(id, -1L);
            if (before.isEmpty()
                    || epoch > epochBefore
                    || (epoch == epochBefore && candle.revision() > before.get().revision())) {
                before.ifPresent(candles::remove);
                candles.add(candle);
                epochs.put(id, epoch);
            }
        }
        return done();
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return page(candles, Candle::openTime, page, c -> c.symbol().equals(symbol));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        for (FeatureVector vector : vectors) {
            if (features.stream()
                    .noneMatch(
                            v -> Key.of(v).equals(Key.of(vector)) && v.symbol().equals(vector.symbol()))) {
                features.add(vector);
            }
        }
        return done();
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return page(features, FeatureVector::asOf, page, v -> v.symbol().equals(symbol));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> scored) {
        for (Sentiment row : scored) {
            if (sentiment.stream()
                    .noneMatch(
                            s -> s.newsId().equals(row.newsId()) && s.symbol().equals(row.symbol()))) {
                sentiment.add(row);
            }
        }
        return done();
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return page(sentiment, Sentiment::knownAt, page, s -> s.symbol().equals(symbol));
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> made) {
        return CompletableFuture.completedStage(made.stream().map(this::write).toList());
    }

    private Prediction write(Prediction made) {
        Optional<Prediction> first = predictions.stream()
                .filter(p -> made.published() && p.published() && p.symbol().equals(made.symbol()))
                .filter(p -> p.asOf().equals(made.asOf()))
                .findFirst();
        Optional<Prediction> same =
                predictions.stream().filter(p -> p.id().equals(made.id())).findFirst();
        if (first.isEmpty()
                && same.isPresent()
                && made.published()
                && !same.get().published()) {
            predictions.remove(same.get());
            predictions.add(same.get().withPublished(true));
            return same.get().withPublished(true);
        }
        if (first.or(() -> same).isEmpty()) {
            predictions.add(made);
        }
        return first.or(() -> same).orElse(made);
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return page(predictions, Prediction::asOf, page, p -> p.symbol().equals(symbol) && p.published());
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant from, Instant to) {
        return page(
                predictions,
                Prediction::targetTime,
                Page.all(from, to),
                p -> p.symbol().equals(symbol)
                        && p.hasFigures()
                        && errors.stream().noneMatch(e -> e.id().equals(p.id())));
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> matured) {
        for (PredictionError error : matured) {
            if (errors.stream().noneMatch(e -> e.id().equals(error.id()))) {
                errors.add(error);
            }
        }
        return done();
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return page(
                errors,
                e -> e.prediction().targetTime(),
                page,
                e -> e.prediction().published() && e.prediction().symbol().equals(symbol));
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return page(
                        errors,
                        e -> e.prediction().targetTime(),
                        page,
                        e -> e.prediction().symbol().equals(symbol))
                .thenApply(found -> found.stream()
                        .sorted(Comparator.comparing(PredictionError::prediction, Predictions.PUBLISHED_FIRST))
                        .toList());
    }

    private <T> CompletionStage<List<T>> page(
            List<T> all, Function<T, Instant> time, Page page, java.util.function.Predicate<T> filter) {
        reads++;
        if (away) {
            return CompletableFuture.failedStage(new ArchiveUnavailable("away", null));
        }
        List<T> found = all.stream()
                .filter(filter)
                .filter(fact -> !time.apply(fact).isBefore(page.from())
                        && time.apply(fact).isBefore(page.to()))
                .sorted(Comparator.comparing(time).thenComparing(ListArchive::rest))
                .toList();
        return CompletableFuture.completedStage(
                page.newest()
                        ? found.subList(Math.max(0, found.size() - page.limit()), found.size())
                        : found.subList(0, Math.min(found.size(), page.limit())));
    }

    private static String rest(Object fact) {
        if (fact instanceof FeatureVector vector) {
            return vector.schemaHash();
        }
        if (fact instanceof Prediction prediction) {
            return (prediction.published() ? "0" : "1") + prediction.modelVersion();
        }
        if (fact instanceof PredictionError error) {
            return error.prediction().modelVersion();
        }
        return fact instanceof Sentiment scored ? scored.newsId() + '\n' + scored.scorer() : "";
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return CompletableFuture.completedStage(Optional.empty());
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return done();
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return CompletableFuture.completedStage(0L);
    }

    @Override
    public CompletionStage<Void> probe() {
        return done();
    }

    @Override
    public void close() {}
}
