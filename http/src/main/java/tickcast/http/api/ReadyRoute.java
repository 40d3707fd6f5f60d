package tickcast.http.api;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.management.HealthCheckSettings;
import akka.management.javadsl.HealthChecks;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code /ready} of the management port: 200 or 503 by Akka Management's readiness checks (member up, {@link Health}'s
 * duties), as a problem that says what is wrong, and with what is shown for information, such as the state of the feed,
 * which never gates. Named in {@code akka.management.http.routes}.
 */
public final class ReadyRoute implements ManagementRouteProvider {

    private static final int READY = 200;
    private static final int NOT_READY = 503;

    private final Health health;
    private final HealthChecks checks;

    public ReadyRoute(ExtendedActorSystem system) {
        this.health = Health.of(Adapter.toTyped(system));
        this.checks = new HealthChecks(
                system,
                HealthCheckSettings.create(system.settings().config().getConfig("akka.management.health-checks")));
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return Directives.path("ready", () -> Directives.get(() -> Directives.completeWithFuture(answer())));
    }

    private CompletionStage<HttpResponse> answer() {
        return checks.ready().exceptionally(failure -> false).thenCombine(health.problems(), this::response);
    }

    private HttpResponse response(boolean fine, List<String> problems) {
        return HttpResponse.create()
                .withStatus(fine ? READY : NOT_READY)
                .withEntity(HttpEntities.create(
                        fine ? ContentTypes.APPLICATION_JSON : Answers.PROBLEM, json(fine, problems)));
    }

    private byte[] json(boolean ready, List<String> problems) {
        return Json.bytes(out -> {
            out.writeStartObject();
            out.writeBooleanField("ready", ready);
            if (!ready) {
                Problem.Kind kind = Problem.Kind.UNAVAILABLE;
                String problem = problems.isEmpty()
                        ? "this node is not an up member of the cluster"
                        : String.join(", ", problems);
                out.writeStringField("type", kind.type);
                out.writeStringField("title", kind.title);
                out.writeNumberField("status", kind.status);
                out.writeStringField("detail", problem);
                out.writeStringField("problem", problem);
            }
            for (var shown : health.shown().entrySet()) {
                out.writeStringField(shown.getKey(), shown.getValue().get());
            }
            out.writeEndObject();
        });
    }
}
