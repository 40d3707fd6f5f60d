package tickcast.streams.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Recordings beside the repository, not part of it. */
public final class SharedData {

    private SharedData() {}

    /** A folder or file of the recordings; skips the test when it is absent. */
    public static Path at(String path) {
        Path file = Path.of(System.getProperty("tickcast.root", ".."))
                .resolve("../shared/data")
                .resolve(path);
        Assumptions.assumeTrue(Files.exists(file), "shared data is absent: " + file);
        return file;
    }
}
