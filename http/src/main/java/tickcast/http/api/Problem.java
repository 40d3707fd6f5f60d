package tickcast.http.api;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.headers.RawHeader;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/** An answer that is an error, as {@code application/problem+json} (RFC 9457). */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String RETRY_SECONDS = "5";

    final transient Kind kind;
    final int status;
    /** Name of the parameter that is wrong, or empty. */
    final String parameter;
    /** What the parameter may be, or empty. */
    final String allowed;

    final transient List<HttpHeader> headers;

    enum Kind {
        BAD_PARAMETER(400, "bad-parameter", "A parameter is wrong"),
        BAD_REQUEST(400, "bad-request", "The request can't be understood"),
        UNAUTHORIZED(401, "unauthorized", "A token is needed"),
        FORBIDDEN(403, "forbidden", "Not allowed"),
        NOT_FOUND(404, "not-found", "Not found"),
        UNKNOWN_SYMBOL(404, "unknown-symbol", "Unknown symbol"),
        METHOD_NOT_ALLOWED(405, "method-not-allowed", "Method not allowed"),
        CONFLICT(409, "conflict", "Not possible now"),
        TOO_LARGE(413, "too-large", "The request is too large"),
        MISDIRECTED(421, "misdirected", "This server is not called so"),
        UPGRADE_REQUIRED(426, "upgrade-required", "This is a WebSocket"),
        TOO_MANY(429, "too-many-connections", "Too many connections"),
        INTERNAL(500, "internal", "Something went wrong here"),
        UNAVAILABLE(503, "unavailable", "Not available right now");

        final int status;
        final String type;
        final String title;

        Kind(int status, String type, String title) {
            this.status = status;
            this.type = "urn:tickcast:problem:" + type;
            this.title = title;
        }
    }

    private Problem(Kind kind, int status, String detail, String parameter, String allowed, List<HttpHeader> headers) {
        super(detail, null, false, false);
        this.kind = kind;
        this.status = status;
        this.parameter = parameter;
        this.allowed = allowed;
        this.headers = headers;
    }

    static Problem of(Kind kind, String detail, HttpHeader... headers) {
        return new Problem(kind, kind.status, detail, "", "", List.of(headers));
    }

    static Problem parameter(String name, String given, String allowed) {
        String detail = "Parameter '" + name + "' is '" + shortened(given) + "'; allowed: " + allowed;
        return new Problem(Kind.BAD_PARAMETER, Kind.BAD_PARAMETER.status, detail, name, allowed, List.of());
    }

    /** What Akka HTTP refused before it was a request; it names the status. */
    static Problem malformed(int status, String detail) {
        return new Problem(Kind.BAD_REQUEST, status, detail, "", "", List.of());
    }

    static Problem unauthorized(String detail) {
        return of(Kind.UNAUTHORIZED, detail, RawHeader.create("WWW-Authenticate", "Bearer realm=\"tickcast\""));
    }

    static Problem unavailable(String detail) {
        return of(Kind.UNAVAILABLE, detail, RawHeader.create("Retry-After", RETRY_SECONDS));
    }

    static Problem methodNotAllowed(String allow) {
        return of(Kind.METHOD_NOT_ALLOWED, "Allowed here: " + allow, RawHeader.create("Allow", allow));
    }

    /** What a failure means to a client; internals are never told. */
    static Problem ofFailure(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof ArchiveUnavailable) {
            return unavailable("The archive can't be read right now.");
        }
        if (cause instanceof TimeoutException) {
            return unavailable("No answer came in time.");
        }
        return of(Kind.INTERNAL, "The failure has been logged.");
    }

    /** Foreign text for a message: short, without control characters. */
    static String shortened(String text) {
        String clean = text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(80)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.length() < text.length() ? clean + "…" : clean;
    }
}
