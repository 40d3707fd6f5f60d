package tickcast.model.feature;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Names and order of the features. Two schemas with one hash mean the same numbers. Immutable. */
public final class FeatureSchema {

    private static final int HASH_DIGITS = 16;

    /** What else is known about the last minutes: trades and gaps. */
    private static final List<String> CONTINUITY = List.of("minutesSinceTrade", "minutesSinceGap");

    private static final FeatureSchema CURRENT = new FeatureSchema(
            "minute-v1",
            Stream.of(
                            ReturnFeatures.NAMES,
                            IndicatorFeatures.NAMES,
                            ActivityFeatures.NAMES,
                            ShapeFeatures.NAMES,
                            CalendarFeatures.NAMES,
                            CONTINUITY,
                            SentimentFeatures.NAMES,
                            Panel.NAMES)
                    .flatMap(List::stream)
                    .toList());

    private final String id;
    private final List<String> names;
    private final String hash;

    private FeatureSchema(String id, List<String> names) {
        this.id = id;
        this.names = names;
        this.hash = hash(id, names);
    }

    /** The schema that {@link FeatureExtractor} and {@link Panel} fill. */
    public static FeatureSchema current() {
        return CURRENT;
    }

    private static String hash(String id, List<String> names) {
        try {
            String text = id + "\n" + String.join("\n", names);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** E.g. {@code minute-v1}; another id whenever the meaning of a number changes. */
    public String id() {
        return id;
    }

    /** In the order of {@link FeatureVector#values()}. */
    public List<String> names() {
        return names;
    }

    /** First 16 hex digits of the SHA-256 over id and names, each on a line. */
    public String hash() {
        return hash;
    }

    public int size() {
        return names.size();
    }

    /**
     * Place of a feature in {@link FeatureVector#values()}.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public int indexOf(String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("the schema " + id + " has no feature '" + name + "'");
        }
        return index;
    }
}
