package tickcast.actors.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** Finds the predictions whose time has come, compares them and stores the errors. Stateless; never blocks. */
final class Maturing {

    /** How long after its target time a prediction waits for the target's candle. */
    static final Duration PATIENCE = Duration.ofHours(24);

    private final Symbol symbol;
    private final Archive archive;

    Maturing(Symbol symbol, Archive archive) {
        this.symbol = symbol;
        this.archive = archive;
    }

    /** Matures what waits for this very candle. Returns the errors that were stored. */
    CompletionStage<List<PredictionError>> waitingFor(Candle target) {
        return archive.maturing(symbol, target.closeTime())
                .thenApply(predictions -> predictions.stream()
                        .map(prediction -> PredictionError.mature(prediction, target, maturedAt(target)))
                        .toList())
                .thenCompose(this::store);
    }

    /**
     * Matures everything with a target time before this candle's end whose target candle is known by now. What had been
     * waiting for longer than {@link #PATIENCE} at an earlier sweep has an error since then and is not looked at again.
     *
     * @param swept up to where there was a sweep in this life; without, an earlier life's note tells
     */
    CompletionStage<List<PredictionError>> sweep(Candle now, Optional<Instant> swept) {
        CompletionStage<Optional<Instant>> known =
                swept.isPresent() ? CompletableFuture.completedStage(swept) : noted();
        return known.thenCompose(before -> archive.unmatured(symbol, start(before, now), now.closeTime()))
                .thenCompose(predictions -> predictions.isEmpty() ? none() : sweep(predictions, now));
    }

    private static Instant start(Optional<Instant> swept, Candle now) {
        return swept.map(before -> before.minus(PATIENCE))
                .filter(start -> start.isBefore(now.closeTime()))
                .orElse(Instant.EPOCH);
    }

    private CompletionStage<Optional<Instant>> noted() {
        return archive.note(noteName()).thenApply(note -> note.flatMap(Maturing::parse));
    }

    private static Optional<Instant> parse(String note) {
        try {
            return Optional.of(Instant.parse(note));
        } catch (DateTimeParseException everythingIsLookedAtThen) {
            return Optional.empty();
        }
    }

    /** Spares a later life what a sweep has done. When it fails, that life looks at everything once. */
    CompletionStage<Void> note(Instant swept) {
        return archive.writeNote(noteName(), swept.toString());
    }

    private String noteName() {
        return "monitor-swept " + symbol.name();
    }

    private CompletionStage<List<PredictionError>> sweep(List<Prediction> predictions, Candle now) {
        Instant first = predictions.stream()
                .map(Prediction::targetTime)
                .min(Instant::compareTo)
                .orElseThrow();
        Page page = Page.all(first.minus(Candle.INTERVAL), now.closeTime());
        return archive.candles(symbol, page)
                .thenApply(
                        candles -> candles.stream().collect(Collectors.toMap(Candle::closeTime, Function.identity())))
                .thenApply(candles -> predictions.stream()
                        .flatMap(prediction -> outcome(prediction, candles, now))
                        .toList())
                .thenCompose(this::store);
    }

    private static Stream<PredictionError> outcome(Prediction prediction, Map<Instant, Candle> candles, Candle now) {
        Candle target = candles.get(prediction.targetTime());
        if (target != null) {
            return Stream.of(PredictionError.mature(prediction, target, maturedAt(now)));
        }
        boolean givenUp = !prediction.targetTime().plus(PATIENCE).isAfter(now.closeTime());
        return givenUp
                ? Stream.of(PredictionError.unscored(prediction, PredictionError.NO_TARGET, maturedAt(now)))
                : Stream.empty();
    }

    private CompletionStage<List<PredictionError>> store(List<PredictionError> errors) {
        return errors.isEmpty() ? none() : archive.writeErrors(errors).thenApply(done -> errors);
    }

    private static CompletionStage<List<PredictionError>> none() {
        return CompletableFuture.completedFuture(List.of());
    }

    /** The market's clock when this candle was closed; imported candles carry a nominal one. */
    private static Instant maturedAt(Candle candle) {
        return candle.knownAt().isAfter(candle.closeTime()) ? candle.knownAt() : candle.closeTime();
    }
}
