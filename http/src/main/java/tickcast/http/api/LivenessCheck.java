package tickcast.http.api;

import akka.actor.ActorSystem;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Akka Management's {@code /alive}: the process runs and its default dispatcher works; nothing else, so that no outage
 * elsewhere restarts it. Named in {@code akka.management.health-checks.liveness-checks}.
 */
public final class LivenessCheck implements Supplier<CompletionStage<Boolean>> {

    private final ActorSystem system;

    public LivenessCheck(ActorSystem system) {
        this.system = system;
    }

    @Override
    public CompletionStage<Boolean> get() {
        return CompletableFuture.supplyAsync(() -> true, system.dispatcher());
    }
}
