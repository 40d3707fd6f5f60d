package tickcast.streams;

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

/**
 * A real server as a child process on a free port of loopback. Stopped with this JVM at the latest; its data is below the
 * temporary directory and goes too.
 */
public abstract class LocalServer {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String name;
    private final Path directory;
    private final int port;
    private ChildProcess process;

    /** Not started yet. */
    protected LocalServer(String name) {
        this.name = name;
        this.port = freePort();
        try {
            this.directory = Files.createTempDirectory("tickcast-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove, "remove-" + name));
    }

    protected static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What starts it. */
    protected abstract ProcessBuilder command();

    /** Whether it can be used. Asked again and again after its start; may take a moment. */
    protected abstract boolean answers();

    /** The same after a restart. */
    protected final int port() {
        return port;
    }

    protected final Path directory() {
        return directory;
    }

    protected final Path log() {
        return directory.resolve("server.log");
    }

    /** Starts it, on the same port and data as before, and waits until it answers. */
    public final void start() {
        if (isRunning()) {
            return;
        }
        process = ChildProcess.start(command(), log());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers()) {
            if (process.endedWithin(PAUSE) || System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not start: " + ChildProcess.tail(log()));
            }
        }
    }

    /** Stops it in an orderly way. */
    public final void stop() {
        process.stop();
    }

    /** {@code kill -9}. */
    public final void kill() {
        process.kill();
    }

    /** SIGSTOP: connections stay open and nothing is answered. */
    public final void suspend() {
        process.suspend();
    }

    /** SIGCONT. */
    public final void resume() {
        process.resume();
    }

    public final boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Stops it and deletes its data. */
    public final void remove() {
        if (process != null) {
            process.kill();
        }
        try {
            delete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void delete() throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
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
    }
}
