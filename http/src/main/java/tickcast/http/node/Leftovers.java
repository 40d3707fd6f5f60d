package tickcast.http.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that other backtests left, beside a backtest's own. */
final class Leftovers {

    /** So many are kept for going on with; older ones are deleted. */
    private static final int MOST = 3;

    private final List<Path> newestFirst;

    private Leftovers(List<Path> newestFirst) {
        this.newestFirst = newestFirst;
    }

    static Leftovers beside(Path own) throws IOException {
        try (Stream<Path> folders = Files.list(own.getParent())) {
            return new Leftovers(
                    new ArrayList<>(folders.filter(folder -> Files.isDirectory(folder) && !folder.equals(own))
                            .sorted(Comparator.comparing(Leftovers::changed).reversed())
                            .toList()));
        }
    }

    private static FileTime changed(Path folder) {
        try {
            return Files.getLastModifiedTime(folder);
        } catch (IOException goneMeanwhile) {
            return FileTime.fromMillis(0);
        }
    }

    /** Deletes the oldest, if nobody works with them, so that no more than some stay. */
    void tidy() throws IOException {
        for (int i = newestFirst.size() - 1; i >= MOST; i--) {
            if (deleteUnused(newestFirst.get(i))) {
                newestFirst.remove(i);
            }
        }
    }

    int kept() {
        return newestFirst.size();
    }

    private static boolean deleteUnused(Path folder) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            delete(folder);
            return true;
        } catch (OverlappingFileLockException inUse) {
            return false;
        }
    }

    /** Deletes a folder with its files. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }

    /** Deletes a folder unless something is in it. */
    static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException othersUseIt) {
            // then it stays
        }
    }
}
