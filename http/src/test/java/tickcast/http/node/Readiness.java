package tickcast.http.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Asks a node, as Kubernetes does, whether it is ready. */
final class Readiness {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI ready;

    Readiness(int managementPort) {
        this.ready = URI.create("http://127.0.0.1:" + managementPort + "/ready");
    }

    /** @param body what {@code /ready} says */
    record Said(boolean ready, JsonNode body) {

        String feed() {
            return body.path("feed").asText();
        }

        String problem() {
            return body.path("problem").asText();
        }
    }

    Said ask() throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        return new Said(answer.statusCode() == 200, JSON.readTree(answer.body()));
    }

    /** Asks until it says so. @throws AssertionError with the last answer when it does not in time */
    Said await(Predicate<Said> wanted, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Said said = ask();
        while (!wanted.test(said)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("after " + patience + " /ready still said " + said);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            said = ask();
        }
        return said;
    }

    /** Asks for so long, and fails when it is ever ready. */
    void stayUnready(Duration length) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < deadline) {
            Said said = ask();
            if (said.ready()) {
                throw new AssertionError("it was ready: " + said);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
