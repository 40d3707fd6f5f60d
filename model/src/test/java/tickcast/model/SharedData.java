package tickcast.model;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/** Recorded data beside the repository; tests that need it are skipped where it is absent. */
public final class SharedData {

    private SharedData() {}

    /** A file or folder of the shared data. */
    public static Path require(String relative) {
        Path path = Path.of(System.getProperty("tickcast.root", ".."))
                .resolve("../shared/data")
                .resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "shared data is absent: " + path);
        return path;
    }

    /** All lines of a gzip file. */
    public static List<String> gzipLines(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
