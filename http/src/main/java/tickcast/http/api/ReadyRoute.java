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
import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * {@code /ready} of the management port: 200 or 503 by {@link Health}'s duties and Akka Management's other readiness checks
 * (member up), as a problem that says what is wrong, and with what is shown for information, such as the state of the feed,
 * which never gates. Named in {@code akka.management.http.routes}.
 */
public final class ReadyRoute implements ManagementRouteProvider {

    private static final int READY = 200;
    private static final int NOT_READY = 503;

    private static final String CHECKS = "akka.management.health-checks";
    /** {@link ReadinessCheck}: each duty is asked once, for its words and its answer. */
    private static final String OWN_CHECK = "readiness-checks.tickcast";

    private final Health health;
    private final HealthChecks others;

    public ReadyRoute(ExtendedActorSystem system) {
        this.health = Health.of(Adapter.toTyped(system));
        Config checks = system.settings().config().getConfig(CHECKS).withoutPath(OWN_CHECK);
        this.others = new HealthChecks(system, HealthCheckSettings.create(checks));
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return Directives.path("ready", () -> Directives.get(() -> Directives.completeWithFuture(answer())));
    }

    private CompletionStage<HttpResponse> answer() {
        return others.ready().exceptionally(failure -> false).thenCombine(health.problems(), this::response);
    }

    private HttpResponse response(boolean isMember, List<String> problems) {
        boolean ready = isMember && problems.isEmpty();
        return HttpResponse.create()
                .withStatus(ready ? READY : NOT_READY)
                .withEntity(HttpEntities.create(
                        ready ? ContentTypes.APPLICATION_JSON : Answers.PROBLEM, json(ready, problems)));
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
