import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Subscribes to predictions and ends well once every given symbol has got one as it was made.
 * {@code java Watch.java PORT SECONDS SYMBOL…}
 */
class Watch {

    private static final Pattern UPDATE = Pattern.compile("\"type\":\"(?:update|snapshot)\".*?\"symbol\":\"([^\"]+)\"");

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        Instant end = Instant.now().plusSeconds(Long.parseLong(args[1]));
        Set<String> waiting = new TreeSet<>(Set.of(args).stream().filter(a -> a.contains("/")).toList());
        CountDownLatch done = new CountDownLatch(1);
        WebSocket socket = connect(URI.create("ws://127.0.0.1:" + port + "/api/v1/stream"), end, listener(waiting, done));
        socket.sendText("{\"method\":\"subscribe\",\"params\":{\"channel\":\"predictions\",\"snapshot\":true},\"reqId\":1}", true);
        boolean complete = done.await(Duration.between(Instant.now(), end).toSeconds(), TimeUnit.SECONDS);
        socket.abort();
        System.out.println(complete ? "predictions of all symbols came" : "no prediction of " + waiting);
        System.exit(complete ? 0 : 1);
    }

    private static WebSocket connect(URI address, Instant end, WebSocket.Listener listener) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        while (true) {
            try {
                return client.newWebSocketBuilder().connectTimeout(Duration.ofSeconds(5)).buildAsync(address, listener).join();
            } catch (CompletionException e) {
                if (Instant.now().isAfter(end) || !(e.getCause() instanceof IOException)) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private static WebSocket.Listener listener(Set<String> waiting, CountDownLatch done) {
        StringBuilder frame = new StringBuilder();
        return new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                frame.append(data);
                if (last) {
                    take(frame.toString());
                    frame.setLength(0);
                }
                socket.request(1);
                return CompletableFuture.completedStage(null);
            }

            private void take(String message) {
                Matcher update = UPDATE.matcher(message);
                if (message.contains("\"channel\":\"predictions\"") && update.find() && message.contains("\"asOf\"")) {
                    System.out.println(message);
                    waiting.remove(update.group(1));
                    if (waiting.isEmpty()) {
                        done.countDown();
                    }
                }
            }
        };
    }
}
