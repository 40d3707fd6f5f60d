package tickcast.streams.archive.recent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/**
 * Writes go to memory and, later and lane by lane, to a store; a list that hears of every write at once says what each
 * read must answer.
 */
class MergedReadsPropertyTest {

    private static final int STEPS = 150;

    @Property(tries = 60, seed = "1")
    void shouldAnswerWhatAListOfAllWritesAnswers(@ForAll long seed) {
        RandomWrites run = new RandomWrites(seed, new RecentRecords(5, Long.MAX_VALUE), true);
        for (int step = 0; step < STEPS; step++) {
            run.step();
            compare(run);
        }
    }

    @Property(tries = 40, seed = "2")
    void shouldAnswerTheSameWhenItMayNotAnswerAlone(@ForAll long seed) {
        RandomWrites run = new RandomWrites(seed, new RecentRecords(3, Long.MAX_VALUE), false);
        for (int step = 0; step < STEPS; step++) {
            run.step();
            compare(run);
        }
    }

    /** With little memory, a read may have to wait for the store, but never leaves anything out. */
    @Property(tries = 60, seed = "3")
    void shouldRatherFailThanLeaveOutWhatItForgot(@ForAll long seed) {
        RecentRecords recent = new RecentRecords(2, 12_000);
        RandomWrites run = new RandomWrites(seed, recent, true);
        for (int step = 0; step < STEPS; step++) {
            run.step();
            assertTrue(recent.pendingBytes() <= 12_000);
            try {
                compare(run);
            } catch (CompletionException e) {
                assertInstanceOf(ArchiveUnavailable.class, e.getCause());
                assertTrue(recent.hasHole());
            }
        }
        run.archiveEverything();
        compare(run);
    }

    private static void compare(RandomWrites run) {
        Function<Archive, CompletionStage<?>> read = run.anyRead();
        assertEquals(join(read.apply(run.truth())), join(read.apply(run.merged())));
    }

    static Object join(CompletionStage<?> stage) {
        return stage.toCompletableFuture().join();
    }
}
