package tickcast.http.api;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.scaladsl.model.EntityStreamSizeException;
import akka.stream.javadsl.Sink;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.http.api.Problem.Kind;

/** Takes every request: admits it, has it answered, turns failures into problems, adds the headers that all have. */
final class Frontdoor {

    private static final Logger LOG = LoggerFactory.getLogger(Frontdoor.class);
    /** No call takes a body; this much is read and ignored. */
    private static final long LARGEST_BODY = 64 * 1024;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
    private static final List<HttpHeader> SECURITY = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none';"
                            + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Vary", "Accept-Encoding, Origin"));

    private final ActorSystem<?> system;
    private final Router router;
    private final Guard guard;
    private final Admission admission;
    private final ApiMetrics metrics;

    Frontdoor(ActorSystem<?> system, Router router, Guard guard, Admission admission, ApiMetrics metrics) {
        this.system = system;
        this.router = router;
        this.guard = guard;
        this.admission = admission;
        this.metrics = metrics;
    }

    /** Never fails. */
    CompletionStage<HttpResponse> answer(HttpRequest request) {
        long start = System.nanoTime();
        String address = Admission.addressOf(request);
        String[] route = {Router.UNKNOWN};
        try {
            guard.checkHost(request);
            admission.enter(address);
        } catch (Problem problem) {
            request.discardEntityBytes(system);
            return CompletableFuture.completedFuture(finish(request, Answers.problem(problem), route[0], start));
        }
        return admitted(request, route)
                .exceptionally(failure -> Answers.problem(explained(request, failure)))
                .thenApply(response -> finish(request, response, route[0], start))
                .whenComplete((response, failure) -> admission.leave(address));
    }

    private CompletionStage<HttpResponse> admitted(HttpRequest request, String[] route) {
        return body(request).thenCompose(read -> {
            Router.Match match = router.find(request);
            route[0] = match.route();
            return match.action()
                    .run()
                    .toCompletableFuture()
                    // A copy, so that the time-out does not end what others wait for too.
                    .copy()
                    .orTimeout(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApply(response -> withPreflight(response, match.allow()));
        });
    }

    private HttpResponse withPreflight(HttpResponse response, String allow) {
        return allow.isEmpty()
                ? response
                : response.addHeader(RawHeader.create("Allow", allow)).addHeaders(guard.preflightHeaders(allow));
    }

    private CompletionStage<Object> body(HttpRequest request) {
        if (request.entity().isKnownEmpty()) {
            return CompletableFuture.completedFuture("");
        }
        OptionalLong length = request.entity().getContentLengthOption();
        if (length.isPresent() && length.getAsLong() > LARGEST_BODY) {
            request.discardEntityBytes(system);
            return CompletableFuture.failedFuture(tooLarge());
        }
        return request.entity()
                .withSizeLimit(LARGEST_BODY)
                .getDataBytes()
                .runWith(Sink.ignore(), system)
                .handle((done, failure) -> {
                    if (failure != null) {
                        throw tooLarge(failure);
                    }
                    return done;
                });
    }

    private static Problem tooLarge(Throwable failure) {
        boolean size =
                failure instanceof EntityStreamSizeException || failure.getCause() instanceof EntityStreamSizeException;
        return size ? tooLarge() : Problem.of(Kind.BAD_REQUEST, "The body can't be read.");
    }

    private static Problem tooLarge() {
        return Problem.of(Kind.TOO_LARGE, "At most " + LARGEST_BODY + " bytes are taken.");
    }

    private static Problem explained(HttpRequest request, Throwable failure) {
        Problem problem = Problem.ofFailure(failure);
        if (problem.kind == Kind.INTERNAL) {
            LOG.error("{} {} failed", request.method().name(), request.getUri().path(), failure);
        }
        return problem;
    }

    private HttpResponse finish(HttpRequest request, HttpResponse response, String route, long start) {
        int status = response.status().intValue();
        metrics.answered(methodName(request), route, status, Duration.ofNanos(System.nanoTime() - start));
        if (status == 101) {
            return response;
        }
        return Answers.compressed(request, response).addHeaders(SECURITY).addHeaders(guard.corsHeaders(request));
    }

    /** Custom methods would make a metric each. */
    private static String methodName(HttpRequest request) {
        String name = request.method().name();
        return List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
                        .contains(name)
                ? name
                : "other";
    }
}
