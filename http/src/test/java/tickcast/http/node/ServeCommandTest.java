package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops the start of {@code serve} is said in plain lines, with an exit code of its own. */
class ServeCommandTest {

    @TempDir
    private Path data;

    @Test
    void shouldSayThatAPortIsTaken() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = serve(data, Map.of("tickcast.http.port", Integer.toString(other.getLocalPort())));

            assertEquals(1, run.exitCode(), run.err());
            assertTrue(run.err().startsWith("tickcast.http.port = " + other.getLocalPort()), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void shouldRefuseADataDirectoryThatIsAFile() throws IOException {
        Path file = Files.createFile(data.resolve("file"));

        CommandRun run = serve(file, Map.of());

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("tickcast.data-directory = '" + file + "'"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void shouldRefuseASymbolThatTheReplayLacks() throws IOException {
        Path recorded = Files.createDirectory(data.resolve("recorded"));
        Files.writeString(recorded.resolve("XBTUSD.csv"), "1561939203.172,10749.4,0.004\n");

        CommandRun run = serve(
                data,
                Map.of(
                        "tickcast.market.source", "replay",
                        "tickcast.market.replay.directory", recorded.toString(),
                        "tickcast.symbols", "ETH/USD"));

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains("tickcast.symbols = 'ETH/USD' is not allowed"), run.err());
        assertTrue(run.err().contains("BTC/USD"), run.err());
    }

    @Test
    void shouldNameAPropertyThatKafkasClientsDoNotTake() {
        CommandRun run =
                serve(data, Map.of("tickcast.bus", "kafka", "tickcast.kafka.client.security.protocol", "TELEPATHY"));

        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().startsWith("tickcast.kafka.client = 'security.protocol' is not allowed"), run.err());
        assertTrue(run.err().contains("TELEPATHY"), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    private static CommandRun serve(Path dataDirectory, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("tickcast.market.source", "simulated");
        all.putIfAbsent("tickcast.http.port", "0");
        all.put("akka.management.http.port", "0");
        all.forEach(System::setProperty);
        try {
            return CommandRun.of(dataDirectory, "serve");
        } finally {
            all.keySet().forEach(System::clearProperty);
        }
    }
}
