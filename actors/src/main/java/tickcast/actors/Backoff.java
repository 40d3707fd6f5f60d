package tickcast.actors;

import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/**
 * How patiently a call is tried again: with growing pauses, and not for ever.
 *
 * @param attempts calls in all, at least 1
 * @param shortest pause before the second call
 * @param longest pause
 */
public record Backoff(int attempts, Duration shortest, Duration longest) {

    /** Five calls over about two seconds: what an archive needs to get over a hiccup. */
    public static final Backoff PATIENT = new Backoff(5, Duration.ofMillis(100), Duration.ofSeconds(1));

    public Backoff {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
        if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("pauses must be positive and rise, were " + shortest + ", " + longest);
        }
    }

    /** Calls until a stage succeeds. The stage returned fails with the last failure when all attempts did. Never blocks. */
    public <T> CompletionStage<T> run(ActorSystem<?> system, Callable<CompletionStage<T>> call) {
        return Patterns.retry(call, attempts - 1, shortest, longest, 0.2, system);
    }
}
