package tickcast.model.archive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * What is kept of one market source. Every call is asynchronous and thread safe; a stage that fails with
 * {@link ArchiveUnavailable} may be tried again. Writes are idempotent and durable when their stage completes; reads see
 * every completed write. Lists come oldest first.
 */
public interface Archive extends AutoCloseable {

    /**
     * Keeps candles: of one symbol and minute the greatest epoch counts, within one epoch the highest revision; what is
     * equal or lower changes nothing. So an owner that has lost its symbol without noticing can't overwrite its successor.
     *
     * @param epoch when the writing owner's life began, in epoch milliseconds of its node's clock: nodes' clocks must agree
     *     better than a hand-over takes; 0 for what anybody may overwrite, such as imports
     */
    CompletionStage<Void> writeCandles(List<Candle> candles, long epoch);

    /** Keeps candles that fill up what no owner has written (imports, a feed's preparation): epoch 0. */
    default CompletionStage<Void> writeCandles(List<Candle> candles) {
        return writeCandles(candles, 0);
    }

    /** Newest revisions, by open time. */
    CompletionStage<List<Candle>> candles(Symbol symbol, Page page);

    /** Keeps served vectors: the first of a symbol, as-of and schema wins. */
    CompletionStage<Void> writeFeatures(List<FeatureVector> vectors);

    /** Served vectors, by as-of. */
    CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page);

    /** Keeps scored news: one per news id, symbol and scorer. */
    CompletionStage<Void> writeSentiment(List<Sentiment> sentiment);

    /** Scored news about a symbol (or {@code *}) alone, by known-at. */
    CompletionStage<List<Sentiment>> sentiment(String symbol, Page page);

    /**
     * Keeps predictions. The first published one of a symbol and as-of wins for ever; the same id is kept once.
     *
     * @return what is stored for each given prediction, in order: itself, or the one that had won before
     */
    CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions);

    /** Published predictions, by as-of. */
    CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page);

    /** All predictions with figures (shadows too) that wait for the given target time and have no error record yet. */
    default CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        return unmatured(symbol, targetTime, targetTime.plusMillis(1));
    }

    /** All predictions with figures whose target time lies in the range and that have no error record yet. */
    CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget);

    /** Keeps errors, one per prediction: the first wins. */
    CompletionStage<Void> writeErrors(List<PredictionError> errors);

    /** Errors of published predictions, by target time. */
    CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page);

    /** Errors of every model version, shadows too, by target time. */
    CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page);

    /** A small named note that survives restarts, such as how far a read-back has come. */
    CompletionStage<Optional<String>> note(String name);

    /** Sets a note. */
    CompletionStage<Void> writeNote(String name, String value);

    /**
     * Deletes what is older than its kind's retention; a store may keep it until a whole month of it is. Returns the number of
     * records deleted.
     */
    CompletionStage<Long> expire(Retention retention, Instant now);

    /** Completes when the store can be read and written, fails otherwise. */
    CompletionStage<Void> probe();

    /** Writes out what is pending and closes. */
    @Override
    void close();

    /** The store can't be used right now. */
    class ArchiveUnavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ArchiveUnavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
