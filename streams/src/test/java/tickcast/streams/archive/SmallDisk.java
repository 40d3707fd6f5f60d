package tickcast.streams.archive;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory that is soon full. Only root can have one: elsewhere the test is skipped. */
public final class SmallDisk implements AutoCloseable {

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    public static SmallDisk mount(Path directory, int mebibytes) throws IOException {
        Files.createDirectories(directory);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tickcast", directory.toString()) == 0,
                "a small file system can't be mounted here (that needs root on Linux)");
        return new SmallDisk(directory);
    }

    public Path directory() {
        return directory;
    }

    /** Gives it another size; what it holds stays. */
    public void resize(int mebibytes) throws IOException {
        if (run("mount", "-o", "remount,size=" + mebibytes + "m", directory.toString()) != 0) {
            throw new IOException(directory + " could not be resized");
        }
    }

    @Override
    public void close() {
        run("umount", "-l", directory.toString());
    }

    private static int run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.onExit().join().exitValue();
        } catch (IOException e) {
            return -1; // no such program here
        }
    }
}
