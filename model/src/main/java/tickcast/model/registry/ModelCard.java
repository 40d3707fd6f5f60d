package tickcast.model.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is known about a model; JSON in the registry and in REST.
 *
 * @param version the registry's number, as text; empty before registration
 * @param source key of the market source it was trained on
 * @param state its place in the registry
 * @param stateReason why it has that place
 * @param createdAt when training ended
 * @param dataFrom first as-of of the training rows
 * @param dataTo last target time of the training rows
 * @param rows number of training rows
 * @param symbols names of the pooled pairs
 * @param schemaId of its features
 * @param schemaHash of its features
 * @param features the features it uses, those present in at least 95 % of its rows
 * @param horizonMinutes of its forecasts
 * @param parameters of training
 * @param metrics against naive on the purged later part: {@code rows}, {@code mae}, {@code naiveMae}, {@code skill},
 *     {@code skillLow}, {@code skillHigh}, {@code directionAccuracy}
 * @param mayPromote whether it beat naive there, so that it may speak
 * @param digest SHA-256 of the model's bytes, hex
 */
public record ModelCard(
        String version,
        String source,
        ModelState state,
        String stateReason,
        Instant createdAt,
        Instant dataFrom,
        Instant dataTo,
        long rows,
        List<String> symbols,
        String schemaId,
        String schemaHash,
        List<String> features,
        int horizonMinutes,
        Map<String, String> parameters,
        Map<String, Double> metrics,
        boolean mayPromote,
        String digest) {

    /** The same model at another place. */
    public ModelCard withState(ModelState newState, String reason) {
        return new ModelCard(
                version,
                source,
                newState,
                reason,
                createdAt,
                dataFrom,
                dataTo,
                rows,
                symbols,
                schemaId,
                schemaHash,
                features,
                horizonMinutes,
                parameters,
                metrics,
                mayPromote,
                digest);
    }

    /** The same model under the number that the registry allotted. */
    public ModelCard withVersion(String newVersion) {
        return new ModelCard(
                newVersion,
                source,
                state,
                stateReason,
                createdAt,
                dataFrom,
                dataTo,
                rows,
                symbols,
                schemaId,
                schemaHash,
                features,
                horizonMinutes,
                parameters,
                metrics,
                mayPromote,
                digest);
    }
}
