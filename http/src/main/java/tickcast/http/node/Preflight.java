package tickcast.http.node;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.kafka.KafkaAdmin;

/** Looks, before anything is started, at what would stop the start half-way: one line instead of a torn-down node. */
final class Preflight {

    private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

    private Preflight() {}

    /** @throws WrongSetting when data directory or Kafka's clients can't be used @throws CommandFailed when a port is taken */
    static void check(Settings settings, Config config) {
        writable(settings.dataDirectory());
        store(settings);
        if (settings.bus() == Settings.BusChoice.KAFKA) {
            kafka(settings);
        }
        if (settings.roles().contains(Role.PREDICTION_API)) {
            free("tickcast.http.port", settings.http().host(), settings.http().port(), "HTTP_PORT");
        }
        Config management = config.getConfig("akka.management.http");
        free(
                "akka.management.http.port",
                management.getString("hostname"),
                management.getInt("port"),
                "MANAGEMENT_PORT");
    }

    private static void writable(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.delete(Files.createTempFile(directory, "writable", ""));
        } catch (IOException e) {
            throw new WrongSetting("tickcast.data-directory", directory.toString(), "a directory that can be written");
        }
    }

    /** One that is not there yet is no reason not to start: nodes and their store come up in any order. */
    private static void store(Settings settings) {
        try {
            Stores.check(settings);
        } catch (ArchiveUnavailable away) {
            LOG.warn(
                    "{}. The start goes on, not ready until it answers; is ELASTICSEARCH_URL right?",
                    away.getMessage());
        }
    }

    /** One that is not there yet is no reason not to start either. The values of its clients' properties may be secret. */
    private static void kafka(Settings settings) {
        try {
            KafkaAdmin.check(settings.kafka());
        } catch (IllegalArgumentException e) {
            throw new WrongSetting(
                    "tickcast.kafka.client",
                    String.join(", ", settings.kafka().client().keySet()),
                    "properties that Kafka's clients take; they say: " + e.getMessage());
        }
    }

    private static void free(String key, String host, int port, String variable) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new CommandFailed(
                    key + " = " + port + " can't be taken: " + e.getMessage() + "; choose another with " + variable, e);
        }
    }
}
