package tickcast.http.api;

import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.http.api.Problem.Kind;

/** Finds who answers a request. An exact path goes before one with parameters. */
final class Router {

    /** Route name of everything that is no endpoint, for metrics. */
    static final String PAGE = "/";

    static final String UNKNOWN = "unknown";

    private final List<Endpoint> endpoints;
    private final StaticAssets assets;
    private final Guard guard;

    Router(List<Endpoint> endpoints, StaticAssets assets, Guard guard) {
        this.endpoints = endpoints.stream()
                .sorted(java.util.Comparator.comparingLong(endpoint ->
                        endpoint.template().chars().filter(c -> c == '{').count()))
                .toList();
        this.assets = assets;
        this.guard = guard;
    }

    /** @param route template, for metrics @param allow the path's methods @param action answers */
    record Match(String route, String allow, Action action) {}

    @FunctionalInterface
    interface Action {
        CompletionStage<HttpResponse> run();
    }

    /** @throws Problem 400, 404 or 405 */
    Match find(HttpRequest request) {
        List<String> segments = segments(request);
        String method = request.method().name();
        Set<String> allow = new LinkedHashSet<>();
        for (Endpoint endpoint : endpoints) {
            Optional<Map<String, String>> parameters = endpoint.match(segments);
            if (parameters.isPresent() && endpoint.accepts(method)) {
                return new Match(endpoint.template(), "", () -> run(endpoint, request, parameters.get()));
            }
            if (parameters.isPresent()) {
                allow.addAll(endpoint.method().equals("GET") ? List.of("GET", "HEAD") : List.of(endpoint.method()));
            }
        }
        return allow.isEmpty() ? page(request, segments, method) : otherMethod(method, allow);
    }

    private CompletionStage<HttpResponse> run(Endpoint endpoint, HttpRequest request, Map<String, String> path) {
        Call call = Call.of(request, path);
        guard.check(endpoint.access(), call);
        return endpoint.handler().handle(call);
    }

    private Match page(HttpRequest request, List<String> segments, String method) {
        HttpResponse file = assets.page(request, segments)
                .orElseThrow(() -> Problem.of(
                        Kind.NOT_FOUND,
                        "There is nothing at "
                                + Problem.shortened(request.getUri().path())
                                + "; /api/v1/openapi.json lists what there is."));
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return otherMethod(method, new LinkedHashSet<>(List.of("GET", "HEAD")));
        }
        return new Match(PAGE, "", () -> {
            // The page itself is no secret, so that it can ask for the token.
            Optional<HttpResponse> signedIn = StaticAssets.isPage(segments)
                    ? guard.signIn(Call.of(request, Map.of()), "/" + String.join("/", segments))
                    : Optional.empty();
            return CompletableFuture.completedFuture(signedIn.orElse(file));
        });
    }

    private Match otherMethod(String method, Set<String> allow) {
        allow.add("OPTIONS");
        String allowed = String.join(", ", allow);
        if (!method.equals("OPTIONS")) {
            throw Problem.methodNotAllowed(allowed);
        }
        return new Match(UNKNOWN, allowed, () -> CompletableFuture.completedFuture(Answers.empty(204)));
    }

    private static List<String> segments(HttpRequest request) {
        try {
            List<String> segments = new ArrayList<>();
            request.getUri().pathSegments().forEach(segments::add);
            if (request.getUri().path().endsWith("/") && !segments.isEmpty()) {
                segments.add("");
            }
            return segments;
        } catch (RuntimeException e) {
            throw Problem.of(Kind.BAD_REQUEST, "The path can't be read.");
        }
    }
}
