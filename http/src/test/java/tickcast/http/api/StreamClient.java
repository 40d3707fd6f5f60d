package tickcast.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket client of the JDK that keeps what it gets. */
final class StreamClient implements WebSocket.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private WebSocket socket;

    static StreamClient connect(HttpClient client, int port, String... headers) {
        StreamClient stream = new StreamClient();
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        stream.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + "/api/v1/stream"), stream)
                .join();
        return stream;
    }

    void send(String text) {
        socket.sendText(text, true).join();
    }

    void sendParts(String... parts) {
        for (int i = 0; i < parts.length; i++) {
            socket.sendText(parts[i], i == parts.length - 1).join();
        }
    }

    void sendBinary() {
        socket.sendBinary(ByteBuffer.wrap(new byte[10]), true).join();
    }

    /** Subscribes; {@code more} are further parameters. */
    void subscribe(String channel, String more) {
        send("{\"method\":\"subscribe\",\"params\":{\"channel\":\"" + channel + "\"" + more + "},\"reqId\":1}");
    }

    /** The next message that is no heartbeat. */
    JsonNode next() {
        JsonNode message = any();
        while (message.path("channel").asText().equals("heartbeat")) {
            message = any();
        }
        return message;
    }

    JsonNode any() {
        try {
            JsonNode message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    boolean isEmpty() {
        return messages.stream()
                .allMatch(message -> message.path("channel").asText().equals("heartbeat"));
    }

    int closeCode() {
        return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            messages.add(TestServer.parse(part.toString()));
            part.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
