package tickcast.streams.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * What lies beside a model's own files in its folder. The card's digest covers the model; {@code SHA256SUMS}, which
 * {@code sha256sum -c} reads, covers the model, the card, the signature and MLflow's file. {@code README.md} is covered
 * by nothing: it follows the model's place in the registry, and nothing is read from it.
 */
final class ModelDescription {

    static final String CARD = "card.json";
    static final String SUMS = "SHA256SUMS";

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

    /** Replaces the README at once; the half-written one never lies in the version's folder. */
    static void refresh(Path registry, String version, ModelCard card, Set<String> model, List<ModelSwitch> about)
            throws IOException {
        Path next = registry.resolve(ModelReadme.FILE + ".next");
        DurableFiles.write(next, ModelReadme.write(card, model, about));
        DurableFiles.move(next, registry.resolve(version).resolve(ModelReadme.FILE));
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
     * Makes sure that card and signature are those that were written. A folder without sums, of an earlier release, has
     * nothing to compare with.
     *
     * @throws ModelRejected when one was changed
     */
    static void requireUnchanged(Path folder, String version, ModelCard card, byte[] cardJson) throws IOException {
        List<String> sums;
        try {
            sums = Arrays.asList(Files.readString(folder.resolve(SUMS), StandardCharsets.ISO_8859_1)
                    .split("\n"));
        } catch (NoSuchFileException none) {
            return;
        }
        if (!sums.contains(sumLine(CARD, cardJson))) {
            throw new ModelRejected("the card of model " + version + " is damaged: its sum is not the one in " + SUMS);
        }
        Path signature = folder.resolve(ModelSignature.FILE);
        if (!Files.exists(signature)
                || !Arrays.equals(
                        Files.readAllBytes(signature), ModelSignature.of(card).toJson())) {
            throw new ModelRejected("the signature of model " + version + " is damaged: it is not that of its card");
        }
    }
}
