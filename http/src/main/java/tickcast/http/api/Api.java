package tickcast.http.api;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tickcast.actors.prediction.Explainer;
import tickcast.actors.training.Trainer;
import tickcast.http.api.Problem.Kind;
import tickcast.http.api.websocket.Handshake;
import tickcast.model.archive.Archive;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelRegistry;

/** Everything that a node serves on its public port. */
public final class Api {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=UTF-8";

    private final ApiSettings settings;
    private final Parts parts;
    private final Symbols symbols;
    private final ApiMetrics metrics;
    private final Guard guard;
    private final Admission admission;
    private final PushServices push;

    /**
     * What the API stands on.
     *
     * @param archive of the market source that is served
     * @param models its registry
     * @param trainer takes the operator's switches
     * @param explainer says why predictions are what they are
     * @param live started before the feed
     * @param meters gets the API's own metrics
     * @param scrape writes all metrics in Prometheus' text format
     */
    public record Parts(
            Archive archive,
            ModelRegistry models,
            ActorRef<Trainer.Command> trainer,
            ActorRef<Explainer.Command> explainer,
            LiveView live,
            MeterRegistry meters,
            Supplier<String> scrape) {}

    private Api(ApiSettings settings, Parts parts, InstantSource clock) {
        this.settings = settings;
        this.parts = parts;
        this.symbols = new Symbols(settings.symbols());
        this.metrics = new ApiMetrics(parts.meters());
        this.guard = new Guard(settings);
        this.admission = new Admission(settings.maxConnections(), settings.maxConnectionsPerAddress());
        PushMessages messages = new PushMessages(parts.live().records());
        this.push = new PushServices(
                settings.push(),
                symbols,
                parts.live().hub(),
                new History(parts.archive(), messages, settings.push()),
                admission,
                metrics,
                clock);
    }

    /** The route to bind. It answers every request itself: nothing is rejected and no failure passes. */
    public static Route create(ActorSystem<?> system, ApiSettings settings, Parts parts, InstantSource clock) {
        Api api = new Api(settings, parts, clock);
        StaticAssets assets = new StaticAssets();
        Router router = new Router(api.endpoints(system, assets, clock), assets, api.guard);
        Frontdoor frontdoor = new Frontdoor(system, router, api.guard, api.admission, api.metrics);
        return Directives.handle(frontdoor::answer);
    }

    /** Every endpoint, for the comparison with the reference. */
    static List<Endpoint> endpoints(ActorSystem<?> system, ApiSettings settings, Parts parts, InstantSource clock) {
        return new Api(settings, parts, clock).endpoints(system, new StaticAssets(), clock);
    }

    private List<Endpoint> endpoints(ActorSystem<?> system, StaticAssets assets, InstantSource clock) {
        Records records = parts.live().records();
        List<Endpoint> all = new ArrayList<>();
        all.add(Endpoint.read("/api/v1/symbols", call -> CompletableFuture.completedFuture(listSymbols())));
        all.addAll(new SeriesEndpoints(symbols, parts.archive(), records).endpoints());
        all.addAll(new WhyEndpoint(system, symbols, parts.archive(), parts.explainer(), records.source()).endpoints());
        all.addAll(new PerformanceEndpoints(symbols, parts.archive(), parts.live(), clock, system.executionContext())
                .endpoints());
        all.addAll(new ModelEndpoints(system, parts.models(), parts.trainer(), records).endpoints());
        all.addAll(new ReferenceEndpoints(assets).endpoints());
        all.add(Endpoint.read("/api/v1/stream", this::stream));
        all.add(Endpoint.read("/metrics", call -> CompletableFuture.completedFuture(scrape())));
        return all;
    }

    private HttpResponse listSymbols() {
        String source = parts.live().records().source();
        return Answers.json(out -> {
            out.writeStartObject();
            out.writeStringField("source", source);
            out.writeFieldName("status");
            parts.live().state().writeStatus(out, source);
            out.writeArrayFieldStart("data");
            for (Symbol symbol : settings.symbols()) {
                parts.live().state().writeSymbol(out, symbol, source);
            }
            out.writeEndArray();
            out.writeNullField("next");
            out.writeEndObject();
        });
    }

    private HttpResponse scrape() {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.parse(PROMETHEUS),
                        parts.scrape().get().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    private CompletionStage<HttpResponse> stream(Call call) {
        if (!guard.mayConnect(call.request())) {
            throw Problem.of(
                    Kind.FORBIDDEN, "Pages of this origin may not connect; see tickcast.http.allowed-origins.");
        }
        String address = Admission.addressOf(call.request());
        HttpResponse answer = Handshake.accept(call.request(), PushConnection.flow(push, address))
                .orElseThrow(() -> Problem.of(
                        Kind.UPGRADE_REQUIRED,
                        "Connect with a WebSocket client.",
                        RawHeader.create("Upgrade", "websocket")));
        return CompletableFuture.completedFuture(answer);
    }
}
