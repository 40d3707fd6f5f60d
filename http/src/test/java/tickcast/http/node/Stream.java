package tickcast.http.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of a node's stream that keeps what it gets, heartbeats left out. */
final class Stream implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;

    private Stream() {}

    static Stream open(int port) {
        Stream stream = new Stream();
        stream.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/stream"), stream)
                .join();
        return stream;
    }

    /** Subscribes to a channel, all symbols. */
    void subscribe(String channel) {
        socket.sendText(
                        "{\"method\":\"subscribe\",\"params\":{\"channel\":\"" + channel
                                + "\",\"snapshot\":true},\"reqId\":1}",
                        true)
                .join();
    }

    /** The next message. @throws AssertionError when none comes in time, or the connection broke */
    JsonNode next(Duration patience) throws InterruptedException {
        JsonNode message = messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (message == null || message.isMissingNode()) {
            throw new AssertionError(message == null ? "no message came within " + patience : "the stream broke");
        }
        return message;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            take(part.toString());
            part.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    private void take(String text) {
        try {
            JsonNode message = JSON.readTree(text);
            if (!message.path("channel").asText().equals("heartbeat")) {
                messages.add(message);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the server sent what is no JSON: " + text, e);
        }
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        messages.add(JSON.missingNode());
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        messages.add(JSON.missingNode());
    }

    @Override
    public void close() {
        socket.abort();
    }
}
