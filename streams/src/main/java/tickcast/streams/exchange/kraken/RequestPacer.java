package tickcast.streams.exchange.kraken;

import akka.actor.ActorSystem;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets requests go one per interval, urgent ones first. Thread safe. Real time.
 */
final class RequestPacer {

    /** Who goes first. */
    enum Urgency {
        /** A minute waits for it. */
        REPAIR,
        /** History that nobody waits for. */
        BACKGROUND
    }

    private final ActorSystem system;
    private final TokenBucket tokens;
    private final Deque<Runnable> urgent = new ArrayDeque<>();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private boolean wakeUpSet;

    RequestPacer(ActorSystem system, Duration interval) {
        this.system = system;
        this.tokens = new TokenBucket(interval.toNanos(), 1, System.nanoTime());
    }

    /** Starts the work when it is its turn. The stage ends as the work's does. */
    <T> CompletionStage<T> inTurn(Urgency urgency, Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        Runnable start = () -> start(work, outcome);
        synchronized (this) {
            (urgency == Urgency.REPAIR ? urgent : background).addLast(start);
        }
        proceed();
        return outcome;
    }

    private static <T> void start(Supplier<CompletionStage<T>> work, CompletableFuture<T> outcome) {
        try {
            work.get().whenComplete((value, failure) -> {
                if (failure == null) {
                    outcome.complete(value);
                } else {
                    outcome.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException failure) {
            outcome.completeExceptionally(failure);
        }
    }

    /** The other side asked for a rest. */
    synchronized void pause(Duration pause) {
        tokens.pause(System.nanoTime(), pause.toNanos());
    }

    private void proceed() {
        for (Runnable next = takeNext(); next != null; next = takeNext()) {
            next.run();
        }
    }

    private synchronized Runnable takeNext() {
        Deque<Runnable> queue = urgent.isEmpty() ? background : urgent;
        if (queue.isEmpty() || wakeUpSet) {
            return null;
        }
        long now = System.nanoTime();
        if (tokens.tryTake(now)) {
            return queue.pollFirst();
        }
        wakeUpSet = true;
        Duration wait = Duration.ofNanos(tokens.waitNanos(now));
        system.scheduler().scheduleOnce(wait, this::wakeUp, system.dispatcher());
        return null;
    }

    private void wakeUp() {
        synchronized (this) {
            wakeUpSet = false;
        }
        proceed();
    }
}
