package tickcast.streams.archive.recent;

import java.util.List;
import java.util.Set;
import tickcast.model.forecast.Prediction;

/**
 * What memory knows of predictions that wait for their target.
 *
 * @param complete whether these are all; otherwise they are those that the store may not know yet
 * @param predictions with figures and without an error here, by target time
 * @param matured ids of those that have one
 */
record Waiting(boolean complete, List<Prediction> predictions, Set<String> matured) {}
