package tickcast.model.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;

/** Model cards as JSON bytes, readable by people. Fields that a later version added are ignored. */
public final class ModelCardJson {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private ModelCardJson() {}

    public static byte[] write(ModelCard card) {
        try {
            return JSON.writeValueAsBytes(card);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a model card can always be written", bug);
        }
    }

    /** @throws IOException when the bytes are no model card */
    public static ModelCard read(byte[] json) throws IOException {
        return JSON.readValue(json, ModelCard.class);
    }
}
