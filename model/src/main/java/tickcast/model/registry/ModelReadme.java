package tickcast.model.registry;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.market.Times;

/** A model card in Markdown: the file {@code README.md} of a version's folder. */
public final class ModelReadme {

    /** Name of the file. */
    public static final String FILE = "README.md";

    private ModelReadme() {}

    /**
     * @param card with the version's present place
     * @param files names of the model's files
     * @param about what the history says about this version, oldest first
     */
    public static byte[] write(ModelCard card, Collection<String> files, List<ModelSwitch> about) {
        StringBuilder text = new StringBuilder();
        text.append("# Model ").append(card.version()).append(" of ").append(card.source());
        text.append("\n\nForecasts the log return of a pair's price over the next ")
                .append(card.horizonMinutes())
                .append(" minutes, one model for all pairs, from what is known at a minute's end. **")
                .append(card.state())
                .append("**: ")
                .append(plain(card.stateReason()))
                .append(".\n\n");
        data(text, card);
        metrics(text, card);
        features(text, card);
        parameters(text, card);
        history(text, about);
        files(text, files);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void data(StringBuilder text, ModelCard card) {
        Map<String, String> parameters = card.parameters();
        text.append("## Data and lineage\n\n| | |\n|---|---|\n");
        row(text, "pairs", String.join(", ", card.symbols()));
        row(text, "data from", Times.iso(card.dataFrom()));
        row(text, "data to", Times.iso(card.dataTo()));
        row(text, "rows", String.format(Locale.ROOT, "%,d", card.rows()));
        row(text, "digest of the rows", parameters.getOrDefault("dataDigest", "unknown"));
        row(text, "trained", Times.iso(card.createdAt()));
        row(text, "seed", parameters.getOrDefault("seed", "unknown"));
        row(text, "code", code(parameters));
        row(text, "XGBoost", parameters.getOrDefault("xgboost", "unknown"));
        row(text, "Java", parameters.getOrDefault("java", "unknown"));
        row(text, "platform", parameters.getOrDefault("platform", "unknown"));
        row(text, "digest of the model", card.digest());
        text.append('\n');
    }

    private static String code(Map<String, String> parameters) {
        return "Tickcast " + parameters.getOrDefault("codeVersion", "unknown") + ", revision "
                + parameters.getOrDefault("codeRevision", "unknown");
    }

    private static void metrics(StringBuilder text, ModelCard card) {
        Map<String, Double> metrics = card.metrics();
        text.append("## Against \"the price stays as it is\"\n\n");
        text.append("On rows later than those that this test's twin was trained on, with a purge between, since ")
                .append(card.parameters().getOrDefault("testFrom", "an unknown time"))
                .append(". Errors are in units of the move that volatility led to expect. It ")
                .append(card.mayPromote() ? "may speak" : "may not speak")
                .append(": the lower end of the skill's 95 % interval is ")
                .append(card.mayPromote() ? "above 0" : "not above 0")
                .append(".\n\n| figure | value |\n|---|---|\n");
        row(
                text,
                "skill = 1 − MAE / naive MAE",
                figure(metrics, "skill") + " (" + figure(metrics, "skillLow") + " to " + figure(metrics, "skillHigh")
                        + ")");
        new TreeMap<>(metrics).forEach((name, value) -> {
            if (!name.startsWith("skill")) {
                row(text, name, figure(metrics, name));
            }
        });
        text.append('\n');
    }

    private static String figure(Map<String, Double> metrics, String name) {
        double value = metrics.getOrDefault(name, Double.NaN);
        if (Double.isNaN(value)) {
            return "not known";
        }
        return value == Math.rint(value) && Math.abs(value) >= 1
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.5f", value);
    }

    private static void features(StringBuilder text, ModelCard card) {
        text.append("## Features\n\n")
                .append(card.features().size())
                .append(" of schema `")
                .append(card.schemaId())
                .append("` (hash `")
                .append(card.schemaHash())
                .append("`):\n\n");
        card.features().forEach(name -> text.append("- `").append(name).append("`\n"));
        text.append('\n');
    }

    private static void parameters(StringBuilder text, ModelCard card) {
        text.append("## Parameters\n\n| name | value |\n|---|---|\n");
        new TreeMap<>(card.parameters()).forEach((name, value) -> row(text, name, value));
        text.append('\n');
    }

    private static void history(StringBuilder text, List<ModelSwitch> about) {
        text.append("## History\n\n| when | what | why |\n|---|---|---|\n");
        about.forEach(entry -> text.append("| ")
                .append(Times.iso(entry.at()))
                .append(" | ")
                .append(entry.action())
                .append(" | ")
                .append(plain(entry.reason()))
                .append(" |\n"));
        text.append("\n`registry.json` beside this folder decides; this page follows it.\n\n");
    }

    private static void files(StringBuilder text, Collection<String> files) {
        text.append("## Files\n\n");
        files.stream().sorted().forEach(name -> text.append("- `").append(name).append("`: part of the model\n"));
        text.append("- `card.json`: this card for programs\n- `signature.json`: what goes in and comes out\n")
                .append("- `MLmodel`: the same for MLflow\n")
                .append("- `SHA256SUMS`: check with `sha256sum -c SHA256SUMS`\n");
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(plain(value)).append(" |\n");
    }

    /** Fits into one cell of a table. */
    private static String plain(String value) {
        return value.replace("|", "\\|").replaceAll("\\R", " ");
    }
}
