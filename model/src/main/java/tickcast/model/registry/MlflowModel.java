package tickcast.model.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The file {@code MLmodel}, so that MLflow's users can list, inspect and copy a version's folder as they do their own
 * models. Flavors: {@code tickcast}, the whole ensemble, and {@code xgboost}, its first booster alone: MLflow knows no
 * flavor for an ensemble with a linear member. Format: https://mlflow.org/docs/latest/ml/model/ "Storage Format".
 */
public final class MlflowModel {

    /** Name of the file. */
    public static final String FILE = "MLmodel";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    private MlflowModel() {}

    /** @param files names of the model's files */
    public static byte[] describe(ModelCard card, Collection<String> files) {
        List<String> boosters =
                files.stream().filter(name -> name.endsWith(".ubj")).sorted().toList();
        StringBuilder yaml = new StringBuilder("flavors:\n  tickcast:\n");
        line(yaml, "    ", "ensemble", EnsembleSpec.FILE);
        yaml.append("    boosters: ").append(json(boosters)).append('\n');
        line(yaml, "    ", "digest", card.digest());
        if (!boosters.isEmpty()) {
            yaml.append("  xgboost:\n");
            line(yaml, "    ", "data", boosters.get(0));
            line(yaml, "    ", "model_class", "xgboost.core.Booster");
            line(yaml, "    ", "model_format", "ubj");
            line(yaml, "    ", "xgb_version", card.parameters().getOrDefault("xgboost", "unknown"));
        }
        metadata(yaml, card);
        line(yaml, "", "model_uuid", uuid(card));
        yaml.append("signature:\n");
        line(yaml, "  ", "inputs", columns(card.features(), "float", false));
        line(yaml, "  ", "outputs", columns(ModelSignature.OUTPUTS, "double", true));
        yaml.append("  params: null\n");
        line(yaml, "", "utc_time_created", TIME.format(card.createdAt()));
        return yaml.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void metadata(StringBuilder yaml, ModelCard card) {
        yaml.append("metadata:\n");
        line(yaml, "  ", "version", card.version());
        line(yaml, "  ", "source", card.source());
        line(yaml, "  ", "horizonMinutes", Integer.toString(card.horizonMinutes()));
        line(yaml, "  ", "schemaHash", card.schemaHash());
        line(yaml, "  ", "xgboostFlavor", "the first booster alone; the forecast is the whole ensemble's");
        new TreeMap<>(card.parameters()).forEach((name, value) -> line(yaml, "  ", "parameter." + name, value));
    }

    /** A JSON text is a YAML scalar, whatever is in it. */
    private static void line(StringBuilder yaml, String indent, String name, String value) {
        yaml.append(indent).append(name).append(": ").append(json(value)).append('\n');
    }

    private static String columns(List<String> names, String type, boolean required) {
        ArrayNode columns = JSON.createArrayNode();
        names.forEach(
                name -> columns.addObject().put("type", type).put("name", name).put("required", required));
        return columns.toString();
    }

    /** The same model has the same one everywhere. MLflow writes it as 32 hex digits. */
    private static String uuid(ModelCard card) {
        return UUID.nameUUIDFromBytes(
                        (card.source() + "|" + card.version() + "|" + card.digest()).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("texts can always be written", bug);
        }
    }
}
