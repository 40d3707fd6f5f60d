package tickcast.model.registry;

import java.util.Map;

/**
 * A model that is not registered yet.
 *
 * @param files its bytes by file name, e.g. {@code model.ubj}
 * @param card without a version
 */
public record TrainedModel(Map<String, byte[]> files, ModelCard card) {}
