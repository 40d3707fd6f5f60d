package tickcast.streams.archive.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tickcast.model.archive.Archive.ArchiveUnavailable;

@Timeout(20)
class EarlyReadsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    private static Throwable failureOf(CompletionStage<Void> turn) throws Exception {
        return turn.handle((done, failure) -> failure).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldLetReadsWaitUntilTheLogIsRead() throws Exception {
        EarlyReads reads = new EarlyReads(caughtUp, LONG, 10);
        CompletableFuture<Void> early = reads.turn().toCompletableFuture();
        assertFalse(early.isDone());
        caughtUp.complete(null);
        early.get(10, TimeUnit.SECONDS);
        assertTrue(reads.turn().toCompletableFuture().isDone());
    }

    @Test
    void shouldLetNoReadWaitForEver() throws Exception {
        EarlyReads reads = new EarlyReads(caughtUp, Duration.ofMillis(50), 10);
        Throwable failure = failureOf(reads.turn());
        assertTrue(failure instanceof ArchiveUnavailable, () -> String.valueOf(failure));
        assertEquals(1, caughtUp.getNumberOfDependents(), "the one that serves all");
    }

    @Test
    void shouldTurnAwayWhoComesWhenTooManyWait() throws Exception {
        EarlyReads reads = new EarlyReads(caughtUp, LONG, 2);
        reads.turn();
        CompletableFuture<Void> second = reads.turn().toCompletableFuture();
        assertTrue(failureOf(reads.turn()) instanceof ArchiveUnavailable);
        assertFalse(second.isDone());
    }

    @Test
    void shouldTellThatTheLogCannotBeReadAnyMore() throws Exception {
        EarlyReads reads = new EarlyReads(caughtUp, LONG, 10);
        CompletionStage<Void> early = reads.turn();
        caughtUp.completeExceptionally(new ArchiveUnavailable("closed", null));
        assertEquals("closed", failureOf(early).getMessage());
    }
}
