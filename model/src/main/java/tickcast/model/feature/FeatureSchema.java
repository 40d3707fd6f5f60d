package tickcast.model.feature;

import java.util.List;

/** Names and order of the features. Two schemas with one hash mean the same numbers. */
public final class FeatureSchema {

    private FeatureSchema() {}

    /** The schema that {@link FeatureExtractor} and {@link Panel} fill. */
    public static FeatureSchema current() {
        throw new UnsupportedOperationException();
    }

    /** E.g. {@code minute-v1}. */
    public String id() {
        throw new UnsupportedOperationException();
    }

    /** In the order of {@link FeatureVector#values()}. */
    public List<String> names() {
        throw new UnsupportedOperationException();
    }

    /** First 16 hex digits of the SHA-256 over id and names. */
    public String hash() {
        throw new UnsupportedOperationException();
    }

    public int size() {
        throw new UnsupportedOperationException();
    }
}
