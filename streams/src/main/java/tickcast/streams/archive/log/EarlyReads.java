package tickcast.streams.archive.log;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.Answers;

/** Reads that come before the log's end is in memory: they wait for a while, and not too many of them. Thread safe. */
final class EarlyReads {

    private final CompletableFuture<Void> caughtUp;
    private final Duration patience;
    private final int most;
    private final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();

    /** @param most that wait at the same time, more or less */
    EarlyReads(CompletableFuture<Void> caughtUp, Duration patience, int most) {
        this.caughtUp = caughtUp;
        this.patience = patience;
        this.most = most;
        caughtUp.whenComplete((done, failure) -> serve());
    }

    /** Completes when the log's end is in memory; fails with {@link ArchiveUnavailable} when that takes too long. */
    CompletionStage<Void> turn() {
        if (caughtUp.isDone()) {
            return caughtUp;
        }
        if (waiting.size() >= most) {
            return CompletableFuture.failedStage(
                    new ArchiveUnavailable("the log is still to be read, and " + most + " reads wait for it", null));
        }
        CompletableFuture<Void> turn = new CompletableFuture<>();
        waiting.add(turn);
        CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> giveUp(turn));
        if (caughtUp.isDone()) {
            serve();
        }
        return turn;
    }

    private void giveUp(CompletableFuture<Void> turn) {
        if (waiting.remove(turn)) {
            turn.completeExceptionally(
                    new ArchiveUnavailable("the log could not be read for " + patience.toSeconds() + " s", null));
        }
    }

    private void serve() {
        for (CompletableFuture<Void> turn : waiting) {
            if (waiting.remove(turn)) {
                caughtUp.whenComplete((done, failure) -> {
                    if (failure == null) {
                        Answers.complete(turn, null);
                    } else {
                        Answers.fail(turn, failure);
                    }
                });
            }
        }
    }
}
