package tickcast.model.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What a model was made with, besides its data: for its card. */
final class Lineage {

    /** Stands where the build knew no revision. */
    static final String UNKNOWN = "unknown";

    private static final String BUILD = "/tickcast/build.properties";

    private Lineage() {}

    /**
     * Parameters for the card: {@code codeVersion}, {@code codeRevision} (of the repository that was built, or
     * {@code unknown}), {@code java}, {@code platform}, and {@code recipe}: a fingerprint of all training settings, by
     * which a routine retrain is told from a new recipe. A search is part of the recipe, what it finds is not.
     */
    static Map<String, String> of(TrainingSettings settings, SearchSettings search) {
        Properties build = build();
        Map<String, String> lineage = new TreeMap<>();
        lineage.put("codeVersion", known(build, "version"));
        lineage.put("codeRevision", known(build, "revision"));
        lineage.put("java", Runtime.version().toString());
        lineage.put("platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        lineage.put("recipe", fingerprint(search.isOn() ? settings + " " + search : settings.toString()));
        return lineage;
    }

    /** A value that the build left unfilled is unknown. */
    private static String known(Properties build, String name) {
        String value = build.getProperty(name, "").strip();
        return value.isEmpty() || value.startsWith("${") ? UNKNOWN : value;
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Lineage.class.getResourceAsStream(BUILD)) {
            if (in != null) {
                build.load(in);
            }
            return build;
        } catch (IOException failed) {
            throw new UncheckedIOException("the build's own description can't be read", failed);
        }
    }

    private static String fingerprint(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}
