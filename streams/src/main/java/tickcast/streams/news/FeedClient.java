package tickcast.streams.news;

import akka.actor.typed.ActorSystem;
import akka.event.NoLogging;
import akka.http.javadsl.Http;
import akka.http.javadsl.coding.Coder;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Uri;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.http.javadsl.settings.ConnectionPoolSettings;
import akka.stream.StreamLimitReachedException;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import com.rometools.rome.io.FeedException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import scala.concurrent.duration.FiniteDuration;
import tickcast.model.sentiment.NewsItem;

/**
 * Asks for feeds: conditional requests, gzip, bounded redirects (never from https to http), a time limit
 * for the head and for the body of each answer, a size limit. Every failure becomes a {@link Poll.Failed}, and only that: what
 * strangers send does not fill the log through the connection pool. Thread safe.
 */
final class FeedClient {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int NOT_MODIFIED = 304;
    private static final int LONGEST_VALIDATOR = 1024;
    private static final String ACCEPT =
            "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1";

    private final ActorSystem<?> system;
    private final NewsSettings settings;
    private final InstantSource clock;
    private final ConnectionPoolSettings pool;

    FeedClient(ActorSystem<?> system, NewsSettings settings, InstantSource clock) {
        this.system = system;
        this.settings = settings;
        this.clock = clock;
        FiniteDuration idle = FiniteDuration.create(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        this.pool = ConnectionPoolSettings.create(system.classicSystem())
                .withMaxConnections(2)
                .withMaxRetries(0)
                .withConnectionSettings(ClientConnectionSettings.create(system.classicSystem())
                        .withConnectingTimeout(idle)
                        .withIdleTimeout(idle));
    }

    /** Asks for a feed; what the validators recognise is {@link Poll.Unchanged}. Never fails. */
    CompletionStage<Poll> poll(String feed, Poll.Validators validators) {
        return follow(feed, URI.create(feed), validators, settings.maxRedirects())
                .exceptionally(this::failed);
    }

    private CompletionStage<Poll> follow(String feed, URI address, Poll.Validators validators, int redirects) {
        return ask(address, validators).thenCompose(response -> {
            int status = response.status().intValue();
            if (REDIRECTS.contains(status)) {
                response.discardEntityBytes(system);
                return redirect(address, response)
                        .map(next -> redirects == 0
                                ? failed("redirect", "more than " + settings.maxRedirects() + " redirects")
                                : follow(feed, next, validators, redirects - 1))
                        .orElseGet(() -> failed("redirect", "a redirect that leads nowhere"));
            }
            if (status == NOT_MODIFIED) {
                response.discardEntityBytes(system);
                return CompletableFuture.completedStage(new Poll.Unchanged());
            }
            if (!response.status().isSuccess()) {
                response.discardEntityBytes(system);
                return CompletableFuture.completedStage(
                        new Poll.Failed("status", "status " + status, retryAfter(response)));
            }
            return read(response).thenApply(bytes -> parse(feed, response, bytes));
        });
    }

    private CompletionStage<HttpResponse> ask(URI address, Poll.Validators validators) {
        List<HttpHeader> headers = new ArrayList<>();
        headers.add(RawHeader.create("Accept", ACCEPT));
        headers.add(RawHeader.create("Accept-Encoding", "gzip"));
        headers.add(RawHeader.create("User-Agent", "Tickcast/0.1"));
        if (!validators.etag().isEmpty()) {
            headers.add(RawHeader.create("If-None-Match", validators.etag()));
        }
        if (!validators.lastModified().isEmpty()) {
            headers.add(RawHeader.create("If-Modified-Since", validators.lastModified()));
        }
        HttpRequest request =
                HttpRequest.create().withUri(Uri.create(address.toString())).withHeaders(headers);
        Http http = Http.get(system);
        CompletableFuture<HttpResponse> answer = http.singleRequest(
                        request, http.defaultClientHttpsContext(), pool, NoLogging.getInstance())
                .toCompletableFuture();
        CompletableFuture<HttpResponse> inTime =
                answer.copy().orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        answer.thenAccept(late -> {
            if (inTime.isCompletedExceptionally()) {
                late.discardEntityBytes(system);
            }
        });
        return inTime;
    }

    /** The whole body, decompressed, within the limits of size and time. */
    private CompletionStage<byte[]> read(HttpResponse response) {
        String encoding = header(response, "Content-Encoding");
        HttpResponse plain = encoding.equalsIgnoreCase("gzip") ? Coder.Gzip.decodeMessage(response) : response;
        return plain.entity()
                .withoutSizeLimit()
                .getDataBytes()
                .limitWeighted(settings.maxBytes(), bytes -> (long) bytes.size())
                .completionTimeout(settings.timeout())
                .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), system)
                .thenApply(ByteString::toArray);
    }

    private Poll parse(String feed, HttpResponse response, byte[] bytes) {
        String contentType = response.entity().getContentType().toString();
        try {
            List<NewsItem> items = FeedParser.parse(feed, bytes, contentType, clock.instant());
            return new Poll.Changed(
                    items, new Poll.Validators(validator(response, "ETag"), validator(response, "Last-Modified")));
        } catch (FeedException e) {
            return new Poll.Failed("format", String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private static Optional<URI> redirect(URI from, HttpResponse response) {
        try {
            URI next = from.resolve(header(response, "Location").strip());
            boolean web = "https".equals(next.getScheme())
                    || "http".equals(next.getScheme()) && "http".equals(from.getScheme());
            return web && next.getHost() != null && !next.equals(from) ? Optional.of(next) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // no address at all
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse response) {
        String seconds = header(response, "Retry-After");
        return seconds.matches("\\d{1,6}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
                : Optional.empty();
    }

    private static String validator(HttpResponse response, String name) {
        String value = header(response, name);
        return value.length() <= LONGEST_VALIDATOR ? value : "";
    }

    private static String header(HttpResponse response, String name) {
        return response.getHeader(name).map(HttpHeader::value).orElse("");
    }

    private static CompletionStage<Poll> failed(String kind, String detail) {
        return CompletableFuture.completedStage(new Poll.Failed(kind, detail, Optional.empty()));
    }

    private Poll failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof StreamLimitReachedException) {
            return new Poll.Failed("size", "longer than " + settings.maxBytes() + " bytes", Optional.empty());
        }
        if (cause instanceof TimeoutException) {
            return new Poll.Failed("timeout", "no whole answer within " + settings.timeout(), Optional.empty());
        }
        return new Poll.Failed("connection", String.valueOf(cause.getMessage()), Optional.empty());
    }
}
