package tickcast.http.api;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.http.api.Problem.Kind;

/** The reference for programs and for people, and the page's parts that come from libraries. */
final class ReferenceEndpoints {

    private static final String DOCS = "/api/docs";

    private final StaticAssets assets;

    ReferenceEndpoints(StaticAssets assets) {
        this.assets = assets;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.read("/api/v1/openapi.json", call -> found(assets.own(call.request(), "openapi.json"))),
                Endpoint.open(DOCS, call -> found(assets.own(call.request(), "docs.html"))),
                Endpoint.open(
                        DOCS + "/",
                        call -> CompletableFuture.completedFuture(
                                Answers.empty(308).addHeader(RawHeader.create("Location", DOCS)))),
                Endpoint.open(DOCS + "/{file}", this::docs),
                Endpoint.open(
                        "/assets/echarts.min.js",
                        call -> found(assets.webjar(call.request(), "echarts", "echarts.min.js"))));
    }

    private CompletionStage<HttpResponse> docs(Call call) {
        String file = call.pathParameter("file");
        return found(
                file.equals("docs.js")
                        ? assets.own(call.request(), file)
                        : assets.webjar(call.request(), "swagger-ui", file));
    }

    private static CompletionStage<HttpResponse> found(Optional<HttpResponse> response) {
        return CompletableFuture.completedFuture(
                response.orElseThrow(() -> Problem.of(Kind.NOT_FOUND, "There is no such file.")));
    }
}
