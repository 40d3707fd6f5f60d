package tickcast.streams.elasticsearch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes searches see every completed write. The server lets them see a write only after a refresh, which costs some
 * milliseconds: one is asked for when something was written here since the last, and otherwise twice a second at most, for
 * what other nodes have written. Searches that come together share it. Thread safe.
 */
final class Freshness {

    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Supplier<CompletableFuture<Void>> refresh;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private boolean written = true;
    private long startedAt;

    Freshness(Supplier<CompletableFuture<Void>> refresh) {
        this.refresh = refresh;
    }

    /** Something was written, or perhaps. */
    synchronized void wrote() {
        written = true;
    }

    /** Completes when a search sees all that was written before this call. */
    synchronized CompletableFuture<Void> ensure() {
        long now = System.nanoTime();
        if (written || last.isCompletedExceptionally() || now - startedAt > FRESH_NANOS) {
            written = false;
            startedAt = now;
            last = refresh.get();
        }
        return last;
    }
}
