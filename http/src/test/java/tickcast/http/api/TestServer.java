package tickcast.http.api;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.pubsub.Topic;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tickcast.actors.prediction.Explainer;
import tickcast.actors.topic.Published;
import tickcast.actors.training.Trainer;
import tickcast.model.market.MarketSource;
import tickcast.model.registry.ModelState;

/** The real API on a real port, on stand-ins for what lies below it. */
final class TestServer implements AutoCloseable {

    static final String OPERATOR = "operate-me";
    static final ObjectMapper JSON = new ObjectMapper();

    final MemoryArchive archive;
    final MemoryModels models =
            new MemoryModels(Sample.card("2", ModelState.CHAMPION), Sample.card("1", ModelState.CHALLENGER));
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final ActorSystem<Void> system;
    final int port;
    private final ActorRef<Topic.Command<Published>> topic;
    private final ApiSettings settings;
    private final Api.Parts parts;
    private final InstantSource clock = InstantSource.fixed(Sample.NOON);
    private final HttpClient client = HttpClient.newHttpClient();

    TestServer() {
        this(settings());
    }

    TestServer(ApiSettings settings) {
        this(settings, new MemoryArchive());
    }

    TestServer(ApiSettings settings, MemoryArchive archive) {
        this.archive = archive;
        this.system = ActorSystem.create(
                Behaviors.empty(), "api-test", ConfigFactory.parseString("""
                                akka.loglevel = WARNING
                                akka.http.server.remote-address-attribute = on
                                akka.http.server.parsing.error-handler = "tickcast.http.api.MalformedRequests"
                                akka.coordinated-shutdown.exit-jvm = off
                                """).withFallback(ConfigFactory.load()));
        this.topic = system.systemActorOf(Topic.create(Published.class, "published"), "published", Props.empty());
        this.settings = settings;
        LiveView live = LiveView.start(system, settings, archive, models, topic, clock);
        ActorRef<Trainer.Command> trainer = system.systemActorOf(trainer(models), "trainer", Props.empty());
        ActorRef<Explainer.Command> explainer =
                system.systemActorOf(Explainer.create(models), "explainer", Explainer.dispatcher());
        this.parts = new Api.Parts(archive, models, trainer, explainer, live, meters, meters::scrape);
        ServerBinding binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(Api.create(system, settings, parts, clock))
                .toCompletableFuture()
                .join();
        this.port = binding.localAddress().getPort();
    }

    static ApiSettings settings() {
        return settings("", ApiSettings.Push.standard(), 1000, 256);
    }

    static ApiSettings settings(String readToken, ApiSettings.Push push, int maxConnections, int perAddress) {
        return new ApiSettings(
                MarketSource.KRAKEN,
                List.of(Sample.BTC, Sample.ETH),
                new SchemaNames("minute-v1", "abcd", List.of("rsi", "flow")),
                OPERATOR,
                readToken,
                Set.of("https://desk.example"),
                Set.of("localhost", "127.0.0.1", "[::1]"),
                maxConnections,
                perAddress,
                push);
    }

    private static Behavior<Trainer.Command> trainer(MemoryModels models) {
        return Behaviors.receive(Trainer.Command.class)
                .onMessage(Trainer.Promote.class, promote -> {
                    models.promote(promote.version(), "by an operator");
                    promote.replyTo().tell(new Trainer.Switched(Trainer.Outcome.DONE, promote.version(), ""));
                    return Behaviors.same();
                })
                .onMessage(Trainer.Rollback.class, rollback -> {
                    rollback.replyTo()
                            .tell(
                                    models.isAway()
                                            ? new Trainer.Switched(Trainer.Outcome.UNAVAILABLE, "2", "Not now.")
                                            : new Trainer.Switched(
                                                    Trainer.Outcome.REFUSED,
                                                    "",
                                                    "There is no champion before this one."));
                    return Behaviors.same();
                })
                .build();
    }

    List<Endpoint> endpoints() {
        Api.Parts uncounted = new Api.Parts(
                archive,
                models,
                parts.trainer(),
                parts.explainer(),
                parts.live(),
                new SimpleMeterRegistry(),
                parts.scrape());
        return Api.endpoints(system, settings, uncounted, clock);
    }

    void publish(Published event) {
        topic.tell(Topic.publish(event));
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    JsonNode json(String path) {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + " answered " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + body, e);
        }
    }

    HttpResponse<String> send(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    StreamClient connect() {
        return StreamClient.connect(client, port);
    }

    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the system did not stop", e);
        }
    }
}
