package tickcast.streams.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
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

/**
 * A real Kafka 4.2.1 (KRaft, one node) as a child process on free ports of loopback, with its own libraries and 256 MiB of
 * heap. Ready in about 5 s. Stopped with this JVM at the latest; its data is below the temporary directory and goes too.
 */
public final class KafkaServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final int controllerPort;
    private ChildProcess process;

    private KafkaServer(Path directory, int port, int controllerPort) {
        this.directory = directory;
        this.port = port;
        this.controllerPort = controllerPort;
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
        try {
            Path directory = Files.createTempDirectory("tickcast-kafka-");
            KafkaServer server = new KafkaServer(directory, freePort(), freePort());
            Runtime.getRuntime().addShutdownHook(new Thread(server::remove, "remove-kafka"));
            server.format();
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** {@code 127.0.0.1:port}; the same after a restart. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Starts it, on the same port and data as before, and waits until it answers. */
    public void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        process = ChildProcess.start(java("kafka.Kafka", configuration().toString()), log());
        awaitAnswer();
    }

    /** Stops it in an orderly way. */
    public void stop() {
        process.stop();
    }

    /** {@code kill -9}. */
    public void kill() {
        process.kill();
    }

    /** SIGSTOP: connections stay open and nothing is answered. */
    public void suspend() {
        process.suspend();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Stops it and deletes its data. */
    public void remove() {
        if (process != null) {
            process.kill();
        }
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path configuration() {
        return directory.resolve("server.properties");
    }

    private Path log() {
        return directory.resolve("server.log");
    }

    private void format() throws IOException {
        Files.writeString(configuration(), """
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
                """.formatted(port, controllerPort, directory.resolve("data")));
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

    private void awaitAnswer() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200);
        try (Admin admin = Admin.create(settings)) {
            while (!answers(admin)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("Kafka did not start: " + ChildProcess.tail(log()));
                }
            }
        }
    }

    /** A broker that has not registered yet lists no nodes. */
    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
