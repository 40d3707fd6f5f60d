package tickcast.streams.elasticsearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ElasticsearchServerTest {

    @Test
    void shouldKeepItsDataThroughKillAndRestartAndStandStillWhileSuspended() throws Exception {
        ElasticsearchServer server = ElasticsearchServer.fresh();
        try {
            URI row = URI.create(server.url() + "/kept/_doc/1");
            HttpRequest write = HttpRequest.newBuilder(row)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
                    .build();
            assertEquals(201, status(write));
            server.kill();
            assertFalse(server.isRunning());
            server.start();
            HttpRequest read =
                    HttpRequest.newBuilder(row).timeout(Duration.ofSeconds(20)).build();
            assertEquals(200, status(read));
            server.suspend();
            HttpRequest soon =
                    HttpRequest.newBuilder(row).timeout(Duration.ofMillis(300)).build();
            assertThrows(HttpTimeoutException.class, () -> status(soon));
            server.resume();
            assertEquals(200, status(read));
        } finally {
            server.remove();
        }
        assertFalse(server.isRunning());
    }

    private static int status(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
