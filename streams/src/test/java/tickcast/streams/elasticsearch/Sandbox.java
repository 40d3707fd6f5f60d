package tickcast.streams.elasticsearch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;

/** Indices of one test in a server without passwords, deleted at the end. */
public final class Sandbox implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final ElasticsearchServer server;
    private final String prefix;

    private Sandbox(ElasticsearchServer server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    /** @param prefix of every index, one test class's own: templates stay from test to test */
    public static Sandbox inSharedServer(String prefix) {
        return new Sandbox(ElasticsearchServer.shared(), prefix);
    }

    static Sandbox in(ElasticsearchServer server, String prefix) {
        return new Sandbox(server, prefix);
    }

    public ElasticsearchSettings settings() {
        return ElasticsearchSettings.of(List.of(URI.create(server.url())), Optional.empty(), Optional.empty(), prefix);
    }

    /** What every index begins with. */
    public String prefix() {
        return prefix;
    }

    /** Asks the server itself. Returns the answer's body. */
    public String ask(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() >= 300) {
                throw new IllegalStateException(method + " " + path + " answers " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (server.isRunning()) {
            ask("DELETE", "/" + prefix + "-*", "");
        }
    }
}
