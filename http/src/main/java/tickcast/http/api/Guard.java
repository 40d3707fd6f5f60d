package tickcast.http.api;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.headers.Cookie;
import akka.http.javadsl.model.headers.HttpCookiePair;
import akka.http.javadsl.model.headers.RawHeader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tickcast.http.api.Endpoint.Access;
import tickcast.http.api.Problem.Kind;

/**
 * Who may call what. The operator's token comes as {@code Authorization: Bearer} only. The read token may also come as
 * the query parameter {@code access_token} or, for browsers, as a cookie that {@code /?access_token=…}, or any other page, sets; the
 * operator's token reads too. The page and its parts hold no data and are open.
 */
final class Guard {

    static final String TOKEN_PARAMETER = "access_token";
    static final String COOKIE = "tickcast_token";
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final String ANY_ORIGIN = "*";

    private final ApiSettings settings;

    Guard(ApiSettings settings) {
        this.settings = settings;
    }

    /** @throws Problem 401 or 403 when this call is not allowed */
    void check(Access access, Call call) {
        if (access == Access.OPERATE) {
            checkOperator(call.request());
        } else if (access == Access.READ) {
            checkReader(call);
        }
    }

    /**
     * Pages of other names that resolve to this machine (DNS rebinding) are their own origin to the browser: nothing but the
     * name that they call gives them away.
     *
     * @throws Problem 421 when the server is called by a name that is not its own
     */
    void checkHost(HttpRequest request) {
        if (settings.allowedHosts().isEmpty()) {
            return;
        }
        String host = request.getHeader("Host").map(HttpHeader::value).orElse("");
        String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !settings.allowedHosts().contains(name)) {
            throw Problem.of(
                    Kind.MISDIRECTED,
                    "'" + Problem.shortened(name)
                            + "' is none of this server's names; see tickcast.http.allowed-hosts.");
        }
    }

    private void checkOperator(HttpRequest request) {
        if (settings.operatorToken().isEmpty()) {
            throw Problem.of(Kind.FORBIDDEN, "Operator calls are disabled: no operator token is configured.");
        }
        Optional<String> given = bearer(request);
        if (given.isEmpty() || !same(given.get(), settings.operatorToken())) {
            throw Problem.unauthorized("This call needs the operator token: Authorization: Bearer TOKEN.");
        }
    }

    private void checkReader(Call call) {
        if (!readingIsGuarded()) {
            return;
        }
        boolean known = bearer(call.request()).filter(this::reads).isPresent()
                || call.parameter(TOKEN_PARAMETER).filter(this::reads).isPresent()
                || cookie(call.request()).filter(this::reads).isPresent();
        if (!known) {
            throw Problem.unauthorized(
                    "Reading needs the read token: Authorization: Bearer TOKEN, or ?access_token=TOKEN;"
                            + " in a browser open /?access_token=TOKEN once.");
        }
    }

    boolean readingIsGuarded() {
        return !settings.readToken().isEmpty();
    }

    private boolean reads(String token) {
        return same(token, settings.readToken())
                || !settings.operatorToken().isEmpty() && same(token, settings.operatorToken());
    }

    /** Moves a page's token out of its address into a cookie; empty when there is nothing to move. @param page its path */
    Optional<HttpResponse> signIn(Call call, String page) {
        Optional<String> token = call.parameter(TOKEN_PARAMETER).filter(given -> readingIsGuarded());
        return token.filter(given -> same(given, settings.readToken()))
                .map(given -> Answers.empty(303)
                        .addHeader(RawHeader.create("Location", page))
                        .addHeader(RawHeader.create(
                                "Set-Cookie", COOKIE + "=" + hash(given) + "; Path=/; HttpOnly; SameSite=Strict")));
    }

    private Optional<String> cookie(HttpRequest request) {
        return request.getHeader(Cookie.class).stream()
                .flatMap(header -> java.util.stream.StreamSupport.stream(
                        header.getCookies().spliterator(), false))
                .filter(pair -> pair.name().equals(COOKIE))
                .map(HttpCookiePair::value)
                .findFirst()
                .filter(value -> same(value, hash(settings.readToken())))
                .map(value -> settings.readToken());
    }

    private static Optional<String> bearer(HttpRequest request) {
        return request.getHeader("Authorization")
                .map(HttpHeader::value)
                .map(BEARER::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    private static boolean same(String given, String expected) {
        return MessageDigest.isEqual(digest(given), digest(expected));
    }

    private static String hash(String token) {
        return java.util.HexFormat.of().formatHex(digest("tickcast cookie " + token));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Whether a page of that origin may open the WebSocket: none (no browser), our own, or an allowed one. */
    boolean mayConnect(HttpRequest request) {
        Optional<String> origin = origin(request);
        return origin.isEmpty() || isOwn(origin.get(), request) || isAllowed(origin.get());
    }

    /** What lets the page of an allowed origin read the answer. */
    List<HttpHeader> corsHeaders(HttpRequest request) {
        Optional<String> origin = origin(request).filter(this::isAllowed);
        if (origin.isEmpty()) {
            return List.of();
        }
        return List.of(
                RawHeader.create("Access-Control-Allow-Origin", origin.get()),
                RawHeader.create("Access-Control-Expose-Headers", "Retry-After, ETag"));
    }

    /** What lets it ask first. */
    List<HttpHeader> preflightHeaders(String allow) {
        return List.of(
                RawHeader.create("Access-Control-Allow-Methods", allow),
                RawHeader.create("Access-Control-Allow-Headers", "Authorization, Content-Type"),
                RawHeader.create("Access-Control-Max-Age", "600"));
    }

    private static Optional<String> origin(HttpRequest request) {
        return request.getHeader("Origin").map(HttpHeader::value).map(text -> text.toLowerCase(Locale.ROOT));
    }

    private static boolean isOwn(String origin, HttpRequest request) {
        String host =
                request.getHeader("Host").map(HttpHeader::value).orElse("").toLowerCase(Locale.ROOT);
        return !host.isEmpty() && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    private boolean isAllowed(String origin) {
        return settings.allowedOrigins().stream()
                .anyMatch(allowed -> allowed.equals(ANY_ORIGIN) || allowed.equalsIgnoreCase(origin));
    }
}
