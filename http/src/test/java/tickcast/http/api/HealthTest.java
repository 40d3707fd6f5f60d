package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.Uri;
import akka.http.javadsl.server.Route;
import akka.management.HealthCheckSettings;
import akka.management.javadsl.HealthChecks;
import akka.management.javadsl.ManagementRouteProviderSettings;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tickcast.model.archive.Archive.ArchiveUnavailable;

class HealthTest {

    private static final String CHECKS = """
            akka.loglevel = WARNING
            akka.management.health-checks {
              readiness-checks { tickcast = "tickcast.http.api.ReadinessCheck", cluster-membership = "" }
              liveness-checks { tickcast = "tickcast.http.api.LivenessCheck" }
            }
            """;
    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(), "health", ConfigFactory.parseString(CHECKS).withFallback(ConfigFactory.load()));

    @AfterEach
    void stop() {
        system.terminate();
    }

    private String refusal() {
        ReadinessCheck check = new ReadinessCheck(Adapter.toClassic(system));
        return assertThrows(
                        CompletionException.class,
                        () -> check.get().toCompletableFuture().join())
                .getCause()
                .getMessage();
    }

    @Test
    void shouldBeReadyWhenEveryDutyIsFulfilled() {
        assertEquals("not ready: still starting", refusal());
        MemoryArchive archive = new MemoryArchive();
        Health health = Health.of(system);
        health.require("archive", archive::probe);
        health.require("feed", () -> CompletableFuture.completedFuture(true));
        assertTrue(new ReadinessCheck(Adapter.toClassic(system))
                .get()
                .toCompletableFuture()
                .join());
        archive.failWith(new ArchiveUnavailable("disk full", null));
        assertEquals("not ready: archive (disk full)", refusal());
        archive.heal();
        health.require("feed", () -> CompletableFuture.completedFuture(false));
        health.require("model", CompletableFuture::new);
        assertEquals(
                List.of("feed", "model (no answer)"),
                health.problems().toCompletableFuture().join());
        assertTrue(new LivenessCheck(Adapter.toClassic(system))
                .get()
                .toCompletableFuture()
                .join());
    }

    @Test
    void shouldBeFoundByAkkaManagement() {
        ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
        HealthCheckSettings settings =
                HealthCheckSettings.create(classic.settings().config().getConfig("akka.management.health-checks"));
        HealthChecks checks = new HealthChecks(classic, settings);
        assertTrue(checks.alive().toCompletableFuture().join());
        CompletionException refused = assertThrows(
                CompletionException.class,
                () -> checks.ready().toCompletableFuture().join());
        assertTrue(refused.getMessage().contains("not ready: still starting"), refused.getMessage());
        Health.of(system).require("archive", () -> CompletableFuture.completedFuture(true));
        assertTrue(checks.ready().toCompletableFuture().join());
    }

    @Test
    void shouldAskEachDutyOnceForTheAnswerAndItsWords() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Health.of(system).require("archive", () -> CompletableFuture.completedFuture(asked.incrementAndGet() > 1));
        ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
        Route ready =
                new ReadyRoute(classic).routes(ManagementRouteProviderSettings.create(Uri.create("http://localhost")));
        int port = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(ready)
                .toCompletableFuture()
                .join()
                .localAddress()
                .getPort();

        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertEquals(503, answer.statusCode());
        assertEquals("archive", TestServer.parse(answer.body()).path("detail").asText());
        assertEquals(1, asked.get());
    }
}
