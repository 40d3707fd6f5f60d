package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchAsyncClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.ElasticsearchTransport;
import co.elastic.clients.transport.TransportException;
import co.elastic.clients.transport.TransportUtils;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.message.BasicHeader;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.elasticsearch.client.RestClientBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.Answers;

/**
 * The way to Elasticsearch: asynchronous calls on threads of their own, repeated with growing pauses while the server is away
 * or busy, and failures told apart. At most {@value #MOST_UNDER_WAY} are under way; what comes beyond is refused at once.
 * Thread safe.
 */
final class Cluster implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int CONNECTIONS = 16;
    /** All markets of a node ask for their history at once when it starts. */
    static final int MOST_UNDER_WAY = 10_000;
    /** In request timeouts. */
    private static final int PATIENCE_FOR_A_CONNECTION = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

    private final ElasticsearchSettings settings;
    private final Runnable onRetry;
    private final ElasticsearchTransport transport;
    private final ElasticsearchAsyncClient client;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "archive-elasticsearch");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<CompletableFuture<Void>> pauses = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param onRetry run whenever a request is sent again
     * @throws IllegalArgumentException when the settings make no sense, for instance a certificate that can't be read
     */
    Cluster(ElasticsearchSettings settings, Runnable onRetry) {
        this.settings = settings;
        this.onRetry = onRetry;
        this.transport = new RestClientTransport(restClient(settings), new JacksonJsonpMapper());
        this.client = new ElasticsearchAsyncClient(transport);
    }

    private static RestClient restClient(ElasticsearchSettings settings) {
        HttpHost[] hosts = settings.urls().stream()
                .map(url -> new HttpHost(url.getHost(), url.getPort(), url.getScheme()))
                .toArray(HttpHost[]::new);
        RestClientBuilder builder = RestClient.builder(hosts);
        int millis = Math.toIntExact(settings.requestTimeout().toMillis());
        builder.setRequestConfigCallback(request -> request.setConnectTimeout(Math.min(millis, 2000))
                .setConnectionRequestTimeout(PATIENCE_FOR_A_CONNECTION * millis)
                .setSocketTimeout(millis));
        SSLContext trusted = settings.trust().map(Cluster::trusting).orElse(null);
        builder.setHttpClientConfigCallback(http -> {
            http.setMaxConnPerRoute(CONNECTIONS)
                    .setMaxConnTotal(CONNECTIONS * hosts.length)
                    .setDefaultIOReactorConfig(
                            IOReactorConfig.custom().setIoThreadCount(THREADS).build());
            return trusted == null ? http : http.setSSLContext(trusted);
        });
        settings.credentials()
                .ifPresent(known -> builder.setDefaultHeaders(
                        new Header[] {new BasicHeader("Authorization", authorization(known))}));
        return builder.build();
    }

    private static String authorization(ElasticsearchSettings.Credentials credentials) {
        if (credentials instanceof ElasticsearchSettings.ApiKey key) {
            return "ApiKey " + key.encoded();
        }
        ElasticsearchSettings.Login login = (ElasticsearchSettings.Login) credentials;
        byte[] pair = (login.username() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static SSLContext trusting(ElasticsearchSettings.Trust trust) {
        if (trust instanceof ElasticsearchSettings.Fingerprint fingerprint) {
            return TransportUtils.sslContextFromCaFingerprint(fingerprint.sha256());
        }
        ElasticsearchSettings.Authority authority = (ElasticsearchSettings.Authority) trust;
        try {
            return TransportUtils.sslContextFromHttpCaCrt(
                    authority.certificate().toFile());
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "the certificate " + authority.certificate() + " can't be read: " + e.getMessage(), e);
        }
    }

    ElasticsearchSettings settings() {
        return settings;
    }

    ElasticsearchAsyncClient client() {
        return client;
    }

    /** For calls whose answer is read in another way than the client would. */
    ElasticsearchTransport transport() {
        return transport;
    }

    /**
     * Calls, and calls again while the failure may pass, at most as long as the settings' patience.
     *
     * @return fails with {@link ArchiveUnavailable} when the server is away, busy or does not let us in, or when too many calls
     *     are under way; with {@link Refused} when it refuses the request itself
     */
    <T> CompletableFuture<T> call(Supplier<? extends CompletionStage<T>> request) {
        return begun(request, deadline());
    }

    /** Calls and does not repeat it: for who wants to know at once why. Fails like {@link #call}. */
    <T> CompletableFuture<T> once(Supplier<? extends CompletionStage<T>> request) {
        return begun(request, System.nanoTime());
    }

    private <T> CompletableFuture<T> begun(Supplier<? extends CompletionStage<T>> request, long deadline) {
        if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
            underWay.decrementAndGet();
            return CompletableFuture.failedFuture(new ArchiveUnavailable(
                    MOST_UNDER_WAY + " requests to Elasticsearch are under way; try again later", null));
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        attempt(request, answer, deadline, FIRST_PAUSE);
        return answer.whenComplete((value, failure) -> underWay.decrementAndGet());
    }

    /** When a request that begins now has been repeated for long enough, by {@link System#nanoTime}. */
    long deadline() {
        return System.nanoTime() + settings.patience().toNanos();
    }

    private <T> void attempt(
            Supplier<? extends CompletionStage<T>> request,
            CompletableFuture<T> answer,
            long deadline,
            Duration pause) {
        started(request).whenComplete((value, failure) -> {
            if (failure == null) {
                answer.complete(value);
                return;
            }
            Throwable cause = cause(failure);
            boolean timeLeft = System.nanoTime() + pause.toNanos() < deadline;
            if (!isPassing(cause) || !timeLeft) {
                answer.completeExceptionally(translated(cause));
                return;
            }
            onRetry.run();
            LOG.debug("Elasticsearch is tried again in {} ms: {}", pause.toMillis(), cause.toString());
            later(pause).whenComplete((paused, closed) -> {
                if (closed == null) {
                    attempt(request, answer, deadline, longer(pause));
                } else {
                    answer.completeExceptionally(closed);
                }
            });
        });
    }

    private static <T> CompletionStage<T> started(Supplier<? extends CompletionStage<T>> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Completes after about that time; fails with {@link ArchiveUnavailable} once this is closed. */
    CompletableFuture<Void> later(Duration pause) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        pauses.add(over);
        over.whenComplete((done, failure) -> pauses.remove(over));
        long nanos = (long) (pause.toNanos() * ThreadLocalRandom.current().nextDouble(0.7, 1.3));
        try {
            timer.schedule(() -> over.complete(null), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            over.completeExceptionally(gone(e));
        }
        return over;
    }

    private static ArchiveUnavailable gone(Throwable cause) {
        return new ArchiveUnavailable("the archive is closed", cause);
    }

    static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    static Duration firstPause() {
        return FIRST_PAUSE;
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The HTTP status that a failure tells of, 0 when there was no answer. */
    private static int status(Throwable cause) {
        if (cause instanceof ElasticsearchException answered) {
            return answered.status();
        }
        if (cause instanceof ResponseException answered) {
            return answered.getResponse().getStatusLine().getStatusCode();
        }
        return cause instanceof TransportException transport && transport.statusCode() > 0 ? transport.statusCode() : 0;
    }

    /** Whether a status may be another one soon. */
    static boolean isPassing(int status) {
        return status == 429 || status >= 500;
    }

    private static boolean isPassing(Throwable cause) {
        int status = status(cause);
        return status == 0 ? isUnanswered(cause) && !isUntrusted(cause) : isPassing(status);
    }

    /** No connection became free in time, or what it brought was no answer. */
    private static boolean isUnanswered(Throwable cause) {
        return cause instanceof IOException || cause instanceof TimeoutException;
    }

    private static boolean isUntrusted(Throwable cause) {
        return cause instanceof javax.net.ssl.SSLException;
    }

    private RuntimeException translated(Throwable cause) {
        int status = status(cause);
        if (status == 401 || status == 403) {
            return new ElasticsearchArchive.NotLetIn(
                    "Elasticsearch at " + settings.where() + " does not let "
                            + settings.credentials().map(Object::toString).orElse("us without credentials") + " in: "
                            + cause.getMessage(),
                    cause);
        }
        if (isUntrusted(cause)) {
            return new ElasticsearchArchive.NotLetIn(
                    "the certificate of Elasticsearch at " + settings.where() + " is not trusted: "
                            + cause.getMessage(),
                    cause);
        }
        if (status != 0 && !isPassing(status)) {
            return new Refused(status, cause.getMessage(), cause);
        }
        if (status == 0 && !isUnanswered(cause)) {
            if (closed) {
                return gone(cause);
            }
            return cause instanceof RuntimeException bug ? bug : new IllegalStateException(cause);
        }
        String what = status == 0 ? "does not answer" : "answers " + status;
        return new ArchiveUnavailable(
                "Elasticsearch at " + settings.where() + " " + what + ": " + cause.getMessage(), cause);
    }

    /** What the archive's users are told of a failure: they know no {@link Refused}, only that they may try again. */
    static Throwable told(Throwable cause) {
        return cause instanceof Refused
                ? new ArchiveUnavailable("Elasticsearch refuses a request: " + cause.getMessage(), cause)
                : cause;
    }

    /** Answers away from the threads that talk to the server, so that nobody's code runs in them. */
    static <T> CompletionStage<T> answered(CompletableFuture<T> stage) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                Answers.complete(answer, value);
            } else {
                Answers.fail(answer, told(cause(failure)));
            }
        });
        return answer;
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        pauses.forEach(over -> over.completeExceptionally(gone(null)));
        try {
            transport.close();
        } catch (IOException e) {
            LOG.warn("The connection to Elasticsearch did not close cleanly: {}", e.toString());
        }
    }

    /** The server refuses a request for what it says. Known only within this package. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int status;

        Refused(int status, String message, Throwable cause) {
            super(message, cause);
            this.status = status;
        }
    }
}
