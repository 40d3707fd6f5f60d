package tickcast.http.node;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A way to Elasticsearch that can be told to answer bulk requests with 429 and 503 in turn. While the server behind it is
 * away, connections break without an answer.
 */
final class BusyProxy implements AutoCloseable {

    private static final Set<String> OF_ONE_CONNECTION =
            Set.of("connection", "content-length", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String behind;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "busy-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicLong refused = new AtomicLong();
    private volatile boolean busy;

    private BusyProxy(String behind, HttpServer server) {
        this.behind = behind;
        this.server = server;
    }

    /** @param url of the server behind it, without a path */
    static BusyProxy before(String url) {
        try {
            BusyProxy proxy = new BusyProxy(
                    url, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
            proxy.server.createContext("/", proxy::answer);
            proxy.server.setExecutor(proxy.threads);
            proxy.server.start();
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on bulk requests are refused, or no longer. */
    void busy(boolean now) {
        busy = now;
    }

    /** Bulk requests refused so far. */
    long refused() {
        return refused.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (busy && exchange.getRequestURI().getPath().endsWith("/_bulk")) {
            int status = refused.incrementAndGet() % 2 == 0 ? 503 : 429;
            String words =
                    "{\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"too busy\"},\"status\":"
                            + status + "}";
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
            send(exchange, status, words.getBytes(StandardCharsets.UTF_8));
            return;
        }
        forward(exchange, body);
    }

    private void forward(HttpExchange exchange, byte[] body) throws IOException {
        try {
            HttpResponse<byte[]> response =
                    client.send(request(exchange, body), HttpResponse.BodyHandlers.ofByteArray());
            Headers headers = exchange.getResponseHeaders();
            response.headers().map().forEach((name, values) -> {
                if (passesOn(name)) {
                    headers.put(name, values);
                }
            });
            send(exchange, response.statusCode(), response.body());
        } catch (IOException away) {
            exchange.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
                .timeout(PATIENCE)
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (passesOn(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private static boolean passesOn(String header) {
        return !OF_ONE_CONNECTION.contains(header.toLowerCase(Locale.ROOT)) && !header.startsWith(":");
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, empty ? -1 : body.length);
            if (!empty) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
