package tickcast.model.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * What goes into a model and what comes out: the file {@code signature.json}.
 *
 * @param schemaId of the vectors
 * @param schemaHash of the vectors
 * @param features names of those used, in order
 * @param horizonMinutes of the forecasts
 * @param outputs names of what comes out
 */
public record ModelSignature(
        String schemaId, String schemaHash, List<String> features, int horizonMinutes, List<String> outputs) {

    /** Name of the file that holds it. */
    public static final String FILE = "signature.json";
    /** Simple names: the log return expected over the horizon, and P(price at target &gt; last price). */
    public static final List<String> OUTPUTS = List.of("expectedLogReturn", "probabilityUp");

    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What the card says. */
    public static ModelSignature of(ModelCard card) {
        return new ModelSignature(card.schemaId(), card.schemaHash(), card.features(), card.horizonMinutes(), OUTPUTS);
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a signature can always be written", bug);
        }
    }
}
