package tickcast.streams.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Who may change a registry's folder: one at a time, over threads (a process holds a file lock but once) and processes. */
final class RegistryLock {

    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

    private final Path file;
    private final ReentrantLock ownProcess;

    RegistryLock(Path directory) {
        this.file = directory.resolve("registry.lock");
        this.ownProcess = THREADS.computeIfAbsent(directory, path -> new ReentrantLock());
    }

    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Who holds it already goes on at once. */
    <T> T holding(Work<T> work) throws IOException {
        if (ownProcess.isHeldByCurrentThread()) {
            return work.run();
        }
        ownProcess.lock();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock(); // until the channel is closed
            return work.run();
        } finally {
            ownProcess.unlock();
        }
    }
}
