package tickcast.http.api;

import java.util.List;

/**
 * Names that go with the values of a feature vector.
 *
 * @param id of the schema, e.g. {@code minute-v1}
 * @param hash that vectors of this schema carry
 * @param names in the order of the values
 */
public record SchemaNames(String id, String hash, List<String> names) {}
