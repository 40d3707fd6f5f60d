package tickcast.http.api;

import akka.actor.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Akka Management's {@code /ready}: fails with the names of the duties of {@link Health} that are not fulfilled. That the
 * member is up is checked by Akka Management's own cluster membership check. Named in {@code
 * akka.management.health-checks.readiness-checks}.
 */
public final class ReadinessCheck implements Supplier<CompletionStage<Boolean>> {

    private final Health health;

    public ReadinessCheck(ActorSystem system) {
        this.health = Health.of(Adapter.toTyped(system));
    }

    @Override
    public CompletionStage<Boolean> get() {
        return health.problems().thenApply(problems -> {
            if (!problems.isEmpty()) {
                throw new IllegalStateException("not ready: " + String.join(", ", problems));
            }
            return true;
        });
    }
}
