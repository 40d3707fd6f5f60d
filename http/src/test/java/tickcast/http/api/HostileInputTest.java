package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HostileInputTest {

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends a request as it is and returns the whole answer. */
    private static String raw(byte[] request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    @Test
    void shouldNeverFailOnRandomRequests() throws IOException {
        Random random = new Random(42);
        List<String> paths = List.of(
                "/api/v1/symbols",
                "/api/v1/symbols/BTC-USD/candles",
                "/api/v1/symbols/%/errors",
                "/api/v1/stream",
                "/",
                "/api/v1/models/1/promote",
                "/api/docs/%2e%2e/x",
                "/metrics",
                "//",
                "/%00",
                "/api/v1/performance");
        List<String> names = List.of("limit", "from", "to", "cursor", "window", "access_token", "%", "");
        for (int i = 0; i < 200; i++) {
            StringBuilder path = new StringBuilder(paths.get(random.nextInt(paths.size())));
            for (int j = random.nextInt(4); j > 0; j--) {
                path.append(path.indexOf("?") < 0 ? "?" : "&")
                        .append(names.get(random.nextInt(names.size())))
                        .append("=")
                        .append(noise(random));
            }
            String method =
                    List.of("GET", "GET", "HEAD", "POST", "OPTIONS", "PUT", "X").get(random.nextInt(7));
            String header = random.nextBoolean() ? "X: " + noise(random) + "\r\n" : "";
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n";
            String answer = raw(request.getBytes(StandardCharsets.UTF_8));
            assertTrue(answer.startsWith("HTTP/1.1 "), request + " was answered " + answer);
            int status = Integer.parseInt(answer.substring(9, 12));
            assertTrue(status < 500 || status == 501, request + " was answered " + answer);
            if (status >= 400) {
                assertTrue(answer.contains("application/problem+json"), request + " was answered " + answer);
            }
        }
    }

    private static String noise(Random random) {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> noise.append('%').append(Integer.toHexString(random.nextInt(256)));
                case 1 -> noise.append("0123456789TZ:-+.".charAt(random.nextInt(16)));
                case 2 -> noise.append((char) (33 + random.nextInt(94)));
                case 3 -> noise.append(random.nextInt());
                default -> noise.append("ÄΩ漢".charAt(random.nextInt(3)));
            }
        }
        return noise.toString().replace(" ", "").replace("\r", "").replace("\n", "");
    }

    @Test
    void shouldSurviveGarbageOnTheWebSocket() throws IOException {
        Random random = new Random(43);
        String handshake =
                "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        for (int i = 0; i < 60; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            byte[] start = handshake.getBytes(StandardCharsets.US_ASCII);
            byte[] all = java.util.Arrays.copyOf(start, start.length + garbage.length);
            System.arraycopy(garbage, 0, all, start.length, garbage.length);
            raw(all);
        }
        try (StreamClient client = server.connect()) {
            client.send("{\"method\":\"ping\",\"reqId\":1}");
            assertEquals("pong", client.next().path("method").asText());
        }
        assertEquals(200, server.get("/api/v1/symbols").statusCode());
    }
}
