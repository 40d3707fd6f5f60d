package tickcast.http.api;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Answers that are dear and that everybody asks for: worked out once a minute, one at a time, and when one took long it is
 * given for longer, so that asking takes a twentieth of a core at most. Thread safe.
 *
 * @param <Q> question, by value
 */
final class RememberedAnswers<Q> {

    private static final int REMEMBERED = 64;
    private static final int MOST_WAITING = 32;
    private static final long THRIFT = 20;

    private final Map<Q, Entry> entries = new HashMap<>();
    private CompletableFuture<?> last = CompletableFuture.completedFuture("");
    private int waiting;

    private static final class Entry {
        private final Instant asOf;
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
        private long startedNanos;
        private long usefulUntilNanos;

        Entry(Instant asOf) {
            this.asOf = asOf;
        }

        boolean isUseful(Instant now) {
            return !answer.isDone() || asOf.equals(now) || System.nanoTime() - usefulUntilNanos < 0;
        }
    }

    /**
     * @param asOf the market's minute: another one asks for another answer
     * @param work how to find it; begun when those before have ended
     * @throws Problem 503 when too many wait already
     */
    synchronized CompletionStage<byte[]> answer(Q question, Instant asOf, Supplier<CompletionStage<byte[]>> work) {
        Entry known = entries.get(question);
        if (known != null && known.isUseful(asOf)) {
            return known.answer;
        }
        if (waiting >= MOST_WAITING) {
            throw Problem.unavailable("Too many different scores are being worked out.");
        }
        forget(asOf);
        Entry entry = new Entry(asOf);
        entries.put(question, entry);
        waiting++;
        last = last.handle((before, failure) -> "")
                .thenCompose(ready -> begin(entry, work))
                .whenComplete((body, failure) -> end(question, entry, body, failure));
        return entry.answer;
    }

    private CompletionStage<byte[]> begin(Entry entry, Supplier<CompletionStage<byte[]>> work) {
        entry.startedNanos = System.nanoTime();
        return work.get();
    }

    private void end(Q question, Entry entry, byte[] body, Throwable failure) {
        synchronized (this) {
            waiting--;
            long now = System.nanoTime();
            entry.usefulUntilNanos = now
                    + THRIFT
                            * Math.min(
                                    now - entry.startedNanos,
                                    Duration.ofMinutes(1).toNanos());
            if (failure != null) {
                entries.remove(question, entry);
            }
        }
        if (failure == null) {
            entry.answer.complete(body);
        } else {
            entry.answer.completeExceptionally(failure);
        }
    }

    private void forget(Instant asOf) {
        if (entries.size() >= REMEMBERED) {
            entries.values().removeIf(entry -> entry.answer.isDone() && !entry.asOf.equals(asOf));
        }
        if (entries.size() >= REMEMBERED) {
            entries.values().removeIf(entry -> entry.answer.isDone());
        }
    }
}
