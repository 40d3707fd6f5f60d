package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RememberedAnswersTest {

    private static final Instant NOON = Sample.NOON;
    private static final byte[] BODY = {1};

    private final RememberedAnswers<String> answers = new RememberedAnswers<>();
    private final List<CompletableFuture<byte[]>> begun = new ArrayList<>();

    private CompletableFuture<byte[]> ask(String question, Instant asOf) {
        return answers.answer(question, asOf, this::begin).toCompletableFuture();
    }

    private CompletionStage<byte[]> begin() {
        begun.add(new CompletableFuture<>());
        return begun.get(begun.size() - 1);
    }

    @Test
    void shouldAnswerOnceAMinuteHoweverManyAsk() {
        CompletableFuture<byte[]> first = ask("a", NOON);
        assertSame(first, ask("a", NOON));
        begun.get(0).complete(BODY);

        assertArrayEquals(BODY, ask("a", NOON).join());
        assertEquals(1, begun.size());
    }

    @Test
    void shouldWorkOutOneAfterTheOther() {
        ask("a", NOON);
        CompletableFuture<byte[]> second = ask("b", NOON);
        assertEquals(1, begun.size());

        begun.get(0).completeExceptionally(new IllegalStateException("told to fail"));
        assertEquals(2, begun.size());
        begun.get(1).complete(BODY);
        assertTrue(second.isDone());
    }

    @Test
    void shouldGiveADearAnswerForLonger() throws Exception {
        CompletableFuture<byte[]> first = ask("a", NOON);
        CompletableFuture<byte[]> pause = new CompletableFuture<>();
        pause.completeOnTimeout(BODY, 100, TimeUnit.MILLISECONDS);
        begun.get(0).complete(pause.get());

        assertSame(first, ask("a", NOON.plusSeconds(60)), "it took a tenth of a second: good for two");
    }

    @Test
    void shouldAskAgainAfterAFailure() {
        CompletableFuture<byte[]> failed = ask("a", NOON);
        begun.get(0).completeExceptionally(new IllegalStateException("told to fail"));
        assertThrows(CompletionException.class, failed::join);

        assertFalse(ask("a", NOON).isDone());
        assertEquals(2, begun.size());
    }

    @Test
    void shouldRefuseWhatNobodyCanWaitFor() {
        for (int i = 0; i < 32; i++) {
            ask("question " + i, NOON);
        }

        assertEquals(503, assertThrows(Problem.class, () -> ask("one more", NOON)).status);
        assertFalse(ask("question 7", NOON).isDone(), "known questions are no burden");
    }
}
