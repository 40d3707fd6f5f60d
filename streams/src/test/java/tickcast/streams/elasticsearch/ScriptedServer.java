package tickcast.streams.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Speaks like an empty Elasticsearch that takes everything, but for what its script answers instead: for faults that the real
 * server does not show on demand. Reads find nothing.
 */
public final class ScriptedServer implements AutoCloseable {

    /** @param query what follows the question mark, empty for nothing */
    public record Request(String method, String path, String query, String body) {

        /** Whether it is that method, of a path that ends so. */
        public boolean is(String wanted, String end) {
            return method.equals(wanted) && path.endsWith(end);
        }

        /** The operations of a bulk request: {@code create}, {@code index} or {@code delete}. */
        public List<String> operations() {
            List<String> names = new ArrayList<>();
            body.lines()
                    .map(ScriptedServer::parsed)
                    .filter(line -> line.size() == 1 && line.elements().next().has("_id"))
                    .forEach(line -> names.add(line.fieldNames().next()));
            return names;
        }
    }

    public record Answer(int status, String json) {

        /** An error as the server words it. */
        public static Answer error(int status, String type) {
            return new Answer(
                    status,
                    "{\"error\":{\"type\":\"" + type + "\",\"reason\":\"as the script says\"},\"status\":" + status
                            + "}");
        }

        /** To a bulk request, the items' statuses in turn; what is above 299 has an error of that type. */
        public static Answer bulk(Request request, String errorType, int... statuses) {
            ObjectNode answer = JSON.createObjectNode().put("took", 1);
            ArrayNode items = answer.putArray("items");
            List<String> operations = request.operations();
            boolean errors = false;
            for (int i = 0; i < operations.size(); i++) {
                int status = statuses[i % statuses.length];
                ObjectNode item = items.addObject().putObject(operations.get(i));
                item.put("_index", "an-index").put("_id", "an-id").put("status", status);
                if (status > 299) {
                    errors = true;
                    item.putObject("error").put("type", errorType).put("reason", "as the script says");
                }
            }
            return new Answer(200, answer.put("errors", errors).toString());
        }
    }

    /** What a search finds: nothing. */
    public static final String NO_HITS =
            "{\"took\":1,\"timed_out\":false,\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0},"
                    + "\"hits\":{\"hits\":[]}}";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHARDS = "{\"_shards\":{\"total\":1,\"successful\":1,\"skipped\":0,\"failed\":0}";

    private final HttpServer server;
    private final Function<Request, Optional<Answer>> script;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        return thread;
    });

    private ScriptedServer(HttpServer server, Function<Request, Optional<Answer>> script) {
        this.server = server;
        this.script = script;
    }

    /** @param script what it answers otherwise than usual */
    public static ScriptedServer start(Function<Request, Optional<Answer>> script) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            ScriptedServer scripted = new ScriptedServer(server, script);
            server.createContext("/", scripted::answer);
            server.setExecutor(scripted.threads);
            server.start();
            return scripted;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Of an archive that soon gives up. */
    public ElasticsearchSettings settings() {
        return new ElasticsearchSettings(
                List.of(URI.create(url())),
                Optional.empty(),
                Optional.empty(),
                "scripted",
                Duration.ofSeconds(10),
                Duration.ofMillis(120));
    }

    /** Those of that method and path's end so far. */
    public List<Request> requests(String method, String end) {
        return requests.stream().filter(request -> request.is(method, end)).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        URI uri = exchange.getRequestURI();
        Request request = new Request(
                exchange.getRequestMethod(),
                uri.getPath(),
                Optional.ofNullable(uri.getQuery()).orElse(""),
                body);
        requests.add(request);
        Answer answer = script.apply(request).orElseGet(() -> usual(request));
        byte[] bytes = answer.json().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
        boolean empty = request.method().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : bytes.length);
        if (!empty) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static Answer usual(Request request) {
        String path = request.path();
        if (path.endsWith("/_bulk")) {
            return Answer.bulk(request, "none", 201);
        }
        if (path.endsWith("/_mget")) {
            return new Answer(200, nothingFound(request));
        }
        if (path.endsWith("/_search")) {
            return new Answer(200, NO_HITS);
        }
        if (path.endsWith("/_count")) {
            return new Answer(200, SHARDS + ",\"count\":0}");
        }
        if (path.endsWith("/_refresh")) {
            return new Answer(200, SHARDS + "}");
        }
        if (path.endsWith("/_alias")) {
            return new Answer(200, "{}");
        }
        return path.contains("/_doc/")
                ? new Answer(
                        201,
                        SHARDS + ",\"_index\":\"i\",\"_id\":\"1\",\"_version\":1,\"result\":\"created\",\"_seq_no\":1,"
                                + "\"_primary_term\":1}")
                : new Answer(200, "{\"acknowledged\":true}");
    }

    private static String nothingFound(Request request) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode docs = answer.putArray("docs");
        parsed(request.body())
                .path("docs")
                .forEach(asked -> docs.addObject()
                        .put("_index", asked.path("_index").asText())
                        .put("_id", asked.path("_id").asText())
                        .put("found", false));
        return answer.toString();
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
