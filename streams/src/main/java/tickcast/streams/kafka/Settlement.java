package tickcast.streams.kafka;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Symbol;

/** Waits until everything that follows from the last minutes of a feed is in the archive. Thread safe. */
public final class Settlement {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ActorSystem<?> system;
    private final Archive archive;

    public Settlement(ActorSystem<?> system, Archive archive) {
        this.system = system;
        this.archive = archive;
    }

    /** Completes when each symbol's prediction of its minute is stored and nothing waits to mature then; looks again and again. */
    public CompletionStage<Done> of(Map<Symbol, Instant> lastCloseTimes) {
        CompletionStage<Boolean> settled = CompletableFuture.completedStage(true);
        for (Map.Entry<Symbol, Instant> last : lastCloseTimes.entrySet()) {
            settled = settled.thenCombine(isSettled(last.getKey(), last.getValue()), (a, b) -> a && b);
        }
        return settled.exceptionally(unavailable -> false)
                .thenCompose(done -> done
                        ? CompletableFuture.completedStage(Done.getInstance())
                        : Patterns.after(PAUSE, system, () -> of(lastCloseTimes)));
    }

    private CompletionStage<Boolean> isSettled(Symbol symbol, Instant closeTime) {
        CompletionStage<Boolean> predicted = archive.predictions(symbol, Page.latest(1))
                .thenApply(newest -> newest.stream()
                        .anyMatch(prediction -> !prediction.asOf().isBefore(closeTime)));
        return predicted.thenCombine(
                archive.maturing(symbol, closeTime), (isPredicted, waiting) -> isPredicted && waiting.isEmpty());
    }
}
