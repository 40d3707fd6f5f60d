package tickcast.streams.archive;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

/**
 * Where answers are given, so that nobody's code runs in the threads that read and write. Whoever waits there for another
 * answer is made up for by a further thread.
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
}
