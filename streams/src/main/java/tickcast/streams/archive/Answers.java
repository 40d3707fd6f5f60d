package tickcast.streams.archive;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/**
 * How archives answer: in threads of its own, so that nobody's code runs in the threads that read and write. Whoever waits
 * there for another answer is made up for by a further thread.
 */
public final class Answers {

    private static final ForkJoinPool POOL = new ForkJoinPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            ForkJoinPool.defaultForkJoinWorkerThreadFactory,
            null,
            true);

    private Answers() {}

    /** Completes it there. */
    public static <T> void complete(CompletableFuture<T> answer, T result) {
        POOL.execute(() -> answer.complete(result));
    }

    /** Fails it there. */
    public static void fail(CompletableFuture<?> answer, Throwable why) {
        POOL.execute(() -> answer.completeExceptionally(why));
    }

    /** The call's answer; a failed one when the call itself throws. */
    public static <T> CompletionStage<T> attempt(Supplier<? extends CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Fails with {@link ArchiveUnavailable} when the stage fails or takes longer than {@code patience}; the stage goes on. */
    public static <T> CompletionStage<T> within(Duration patience, String otherwise, CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedStage(new ArchiveUnavailable(otherwise, failure)));
    }

    /** What made a stage fail, without the wrapping that stages after it put around it. */
    public static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
