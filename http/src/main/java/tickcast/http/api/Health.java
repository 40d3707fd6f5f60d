package tickcast.http.api;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a node must be able to do to be ready. Whoever wires the node names its duties here; {@link ReadinessCheck} asks
 * them. A node without any duty named is still starting and not ready. Thread safe.
 */
public final class Health implements Extension {

    private static final Duration PATIENCE = Duration.ofMillis(800);
    private static final ExtensionId<Health> ID = new Id();

    private final Map<String, Supplier<CompletionStage<?>>> duties = new ConcurrentHashMap<>();

    private final Map<String, Supplier<String>> shown = new ConcurrentHashMap<>();

    private Health() {}

    /** The one of this system. */
    public static Health of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /**
     * Names a duty.
     *
     * @param duty for people, such as {@code archive}
     * @param check fulfilled when its stage completes within 800 ms with anything but {@code false}; e.g. {@code
     *     archive::probe}
     */
    public void require(String duty, Supplier<CompletionStage<?>> check) {
        duties.put(duty, check);
    }

    /** Names something that operators see with the readiness, but that never gates it; e.g. {@code feed}. */
    public void show(String name, Supplier<String> state) {
        shown.put(name, state);
    }

    Map<String, Supplier<String>> shown() {
        return new TreeMap<>(shown);
    }

    /** Asks all duties at once. Completes with what is wrong, empty when the node is ready; never fails. */
    public CompletionStage<List<String>> problems() {
        if (duties.isEmpty()) {
            return CompletableFuture.completedFuture(List.of("still starting"));
        }
        CompletableFuture<List<String>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Map.Entry<String, Supplier<CompletionStage<?>>> duty : new TreeMap<>(duties).entrySet()) {
            all = all.thenCombine(ask(duty.getKey(), duty.getValue()), (list, problem) -> {
                list.addAll(problem);
                return list;
            });
        }
        return all;
    }

    private static CompletableFuture<List<String>> ask(String duty, Supplier<CompletionStage<?>> check) {
        CompletableFuture<Object> answer;
        try {
            answer = check.get()
                    .<Object>thenApply(value -> value == null ? "" : value)
                    .toCompletableFuture()
                    .copy();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, failure) -> failure == null && !Boolean.FALSE.equals(value)
                        ? List.of()
                        : List.of(duty + (failure == null ? "" : " (" + reason(failure) + ")")));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof java.util.concurrent.TimeoutException
                ? "no answer"
                : String.valueOf(cause.getMessage());
    }

    private static final class Id extends ExtensionId<Health> {
        @Override
        public Health createExtension(ActorSystem<?> system) {
            return new Health();
        }
    }
}
