package tickcast.streams.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import tickcast.streams.ChildProcess;
import tickcast.streams.LocalServer;

/** A real Kafka 4.2.1 (KRaft, one node) with its own libraries and 256 MiB of heap. Ready in about 5 s. */
public final class KafkaServer extends LocalServer {

    private final int controllerPort = freePort();

    private KafkaServer() {
        super("kafka");
    }

    private static final class Shared {
        private static final KafkaServer SERVER = fresh();
    }

    /** The one that all tests of a JVM may use: each with topics and groups of its own; leave it running. */
    public static KafkaServer shared() {
        return Shared.SERVER;
    }

    /** A new one without topics, running. */
    public static KafkaServer fresh() {
        KafkaServer server = new KafkaServer();
        server.format();
        server.start();
        return server;
    }

    /** {@code 127.0.0.1:port}; the same after a restart. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port();
    }

    @Override
    protected ProcessBuilder command() {
        return java("kafka.Kafka", configuration().toString());
    }

    private Path configuration() {
        return directory().resolve("server.properties");
    }

    private void format() {
        String properties = """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.listener.names=CONTROLLER
                log.dirs=%3$s
                auto.create.topics.enable=false
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                group.initial.rebalance.delay.ms=0
                log.cleaner.dedupe.buffer.size=8388608
                """.formatted(port(), controllerPort, directory().resolve("data"));
        try {
            Files.writeString(configuration(), properties);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ChildProcess format = ChildProcess.start(
                java(
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        configuration().toString()),
                log());
        format.awaitEnd();
    }

    private static ProcessBuilder java(String main, String... arguments) {
        String libraries = System.getProperty("tickcast.kafka.server", "");
        if (libraries.isEmpty() || !Files.isDirectory(Path.of(libraries))) {
            throw new IllegalStateException(
                    "The broker's libraries are not in '" + libraries
                            + "' (system property tickcast.kafka.server); Maven puts them there: mvn process-resources -pl streams/broker");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libraries + "/*",
                main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** A broker that has not registered yet lists no nodes. */
    @Override
    protected boolean answers() {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200);
        try (Admin admin = Admin.create(settings)) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
