package tickcast.streams.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tickcast.model.registry.MlflowModel;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.ModelReadme;
import tickcast.model.registry.ModelRegistry.ModelRejected;
import tickcast.model.registry.ModelSignature;
import tickcast.model.registry.ModelSwitch;

/**
 * What lies beside a model's own files. The card's digest covers the model; {@code SHA256SUMS}, which
 * {@code sha256sum -c} reads, covers the model, the card, the signature and MLflow's file. {@code README.md} is covered
 * by nothing: it follows the model's place in the registry, and nothing is read from it.
 */
final class ModelDescription {

    static final String CARD = "card.json";
    static final String SUMS = "SHA256SUMS";
    static final String README = ModelReadme.FILE;

    private static final Set<String> NAMES =
            Set.of(CARD, SUMS, ModelSignature.FILE, MlflowModel.FILE, ModelReadme.FILE);

    private ModelDescription() {}

    /** Whether a file of this name describes a model rather than being part of one. */
    static boolean isOne(String name) {
        return NAMES.contains(name);
    }

    /** All describing files of a new version. @param model the model's own files */
    static Map<String, byte[]> of(ModelCard card, Map<String, byte[]> model, List<ModelSwitch> about) {
        Map<String, byte[]> described = new TreeMap<>();
        described.put(CARD, ModelCardJson.write(card));
        described.put(ModelSignature.FILE, ModelSignature.of(card).toJson());
        described.put(MlflowModel.FILE, MlflowModel.describe(card, model.keySet()));
        Map<String, byte[]> summed = new TreeMap<>(model);
        summed.putAll(described);
        described.put(SUMS, sums(summed));
        described.put(ModelReadme.FILE, ModelReadme.write(card, model.keySet(), about));
        return described;
    }

    /** The page for people about a version at its present place. */
    static byte[] readme(ModelCard card, Set<String> model, List<ModelSwitch> about) {
        return ModelReadme.write(card, model, about);
    }

    private static byte[] sums(Map<String, byte[]> files) {
        StringBuilder lines = new StringBuilder();
        files.forEach((name, bytes) -> lines.append(sumLine(name, bytes)).append('\n'));
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sumLine(String name, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)) + "  " + name;
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }

    /**
     * The card of a version, as it was registered.
     *
     * @throws ModelRejected when it is absent, damaged, or not the one that was written
     */
    static ModelCard card(Map<String, byte[]> described, String version) {
        byte[] json = described.get(CARD);
        if (json == null) {
            throw new ModelRejected("model " + version + " has no card");
        }
        ModelCard card = parsed(json, version);
        if (!version.equals(card.version())) {
            throw new ModelRejected("the card of model " + version + " is that of " + card.version());
        }
        requireUnchanged(described, version, card);
        return card;
    }

    private static ModelCard parsed(byte[] json, String version) {
        try {
            return ModelCardJson.read(json);
        } catch (JsonProcessingException damaged) {
            throw new ModelRejected("the card of model " + version + " is damaged: " + damaged.getOriginalMessage());
        } catch (IOException damaged) {
            throw new ModelRejected("the card of model " + version + " is damaged: " + damaged.getMessage());
        }
    }

    /** A version without sums, of an earlier release, has nothing to compare with. */
    private static void requireUnchanged(Map<String, byte[]> described, String version, ModelCard card) {
        byte[] sums = described.get(SUMS);
        if (sums == null) {
            return;
        }
        List<String> lines = Arrays.asList(new String(sums, StandardCharsets.ISO_8859_1).split("\n"));
        if (!lines.contains(sumLine(CARD, described.get(CARD)))) {
            throw new ModelRejected("the card of model " + version + " is damaged: its sum is not the one in " + SUMS);
        }
        byte[] signature = described.get(ModelSignature.FILE);
        if (signature == null
                || !Arrays.equals(signature, ModelSignature.of(card).toJson())) {
            throw new ModelRejected("the signature of model " + version + " is damaged: it is not that of its card");
        }
    }
}
