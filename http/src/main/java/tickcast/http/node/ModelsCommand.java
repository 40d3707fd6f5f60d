package tickcast.http.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelCardJson;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;
import tickcast.streams.archive.ShelvedModelRegistry;

/** {@code models}: the registry of a market source. */
@Command(
        name = "models",
        description = "Lists the models of a market source; shows, exports, promotes and rolls back.",
        footer = "While the system runs, switch models over REST: POST /api/v1/models/{version}/promote or /rollback.",
        mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {

    private static final String HEADER = "%-8s %-11s %-17s %-24s %9s  %-28s %s";

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOption source;

    @Override
    public Integer call() {
        return list();
    }

    @Command(
            name = "list",
            description = "Lists the models, newest first (the default).",
            mixinStandardHelpOptions = true)
    int list() {
        KeptSource kept = kept(Settings.of(NodeConfig.load()));
        List<ModelCard> cards =
                kept.models(models -> models.map(ModelRegistry::list).orElse(List.of()));
        if (cards.isEmpty()) {
            say(kept.nothing("models"));
            return 0;
        }
        StandardOutput out = output();
        out.line(
                String.format(HEADER, "VERSION", "STATE", "TRAINED", "DATA", "ROWS", "SKILL AGAINST NAIVE", "SYMBOLS"));
        cards.forEach(card -> out.line(row(card)));
        out.flush();
        return 0;
    }

    private static String row(ModelCard card) {
        return String.format(
                Locale.ROOT,
                HEADER,
                card.version(),
                card.state(),
                Words.minute(card.createdAt()),
                Words.day(card.dataFrom()) + " to " + Words.day(card.dataTo()),
                card.rows(),
                skill(card),
                String.join(" ", card.symbols()));
    }

    /** {@code +0.0021 (0.0004 to 0.0038)}, with what it is worth. */
    static String skill(ModelCard card) {
        return String.format(
                Locale.ROOT,
                "%+.4f (%+.4f to %+.4f)",
                card.metrics().getOrDefault("skill", Double.NaN),
                card.metrics().getOrDefault("skillLow", Double.NaN),
                card.metrics().getOrDefault("skillHigh", Double.NaN));
    }

    @Command(name = "show", description = "Prints a model's card as JSON.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "VERSION", description = "A version as listed.") String version) {
        KeptSource kept = kept(Settings.of(NodeConfig.load()));
        ModelCard card = kept.someModels(models -> models.find(version))
                .orElseThrow(() -> new CommandFailed(
                        "There is no model " + version + " of " + kept.source().key() + "; see: models list"));
        StandardOutput out = output();
        out.line(new String(ModelCardJson.write(card), StandardCharsets.UTF_8));
        out.flush();
        return 0;
    }

    @Command(
            name = "export",
            description = "Writes a model as a folder: its files, card, checksums and page, and the MLmodel file that"
                    + " MLflow reads.",
            mixinStandardHelpOptions = true)
    int export(
            @Parameters(paramLabel = "VERSION", description = "A version as listed.") String version,
            @Parameters(paramLabel = "DIR", description = "Folder to make; must not exist yet.") Path folder) {
        KeptSource kept = kept(Settings.of(NodeConfig.load()));
        return kept.someModels(models -> {
            try {
                models.export(version, folder);
            } catch (IOException e) {
                throw new CommandFailed(folder + " can't be made: " + e, e);
            }
            say("Wrote model " + version + " to " + folder);
            return 0;
        });
    }

    @Command(
            name = "history",
            description = "Prints every switch and its reason, oldest first.",
            mixinStandardHelpOptions = true)
    int history() {
        KeptSource kept = kept(Settings.of(NodeConfig.load()));
        List<ModelSwitch> switches =
                kept.models(models -> models.map(ModelRegistry::history).orElse(List.of()));
        if (switches.isEmpty()) {
            say(kept.nothing("models"));
            return 0;
        }
        StandardOutput out = output();
        switches.forEach(entry -> out.line(String.format(
                "%s  %-8s  %-8s  %s", Times.iso(entry.at()), entry.action(), entry.version(), entry.reason())));
        out.flush();
        return 0;
    }

    @Command(
            name = "promote",
            description = "Makes a model the champion: the one that speaks.",
            mixinStandardHelpOptions = true)
    int promote(@Parameters(paramLabel = "VERSION", description = "A version as listed.") String version) {
        return change(registry -> {
            ModelCard card = registry.promote(version, "promoted by command");
            if (!card.mayPromote()) {
                say("Mind: model " + version + " did not beat naive on its held-out later part: skill " + skill(card));
            }
            return card;
        });
    }

    @Command(
            name = "rollback",
            description = "Makes the former champion the champion again and retires the present one.",
            mixinStandardHelpOptions = true)
    int rollback() {
        return change(registry -> registry.rollback("rolled back by command"));
    }

    private int change(Function<ModelRegistry, ModelCard> work) {
        Settings settings = Settings.of(NodeConfig.load());
        KeptSource kept = kept(settings);
        if (kept.models(Optional::isEmpty)) {
            throw new CommandFailed(kept.nothing("models"));
        }
        try (DataDirectory directory = DataDirectory.take(settings.dataDirectory(), kept.source());
                ShelvedModelRegistry registry = Stores.models(settings, kept.source(), directory)) {
            Optional<ModelCard> former = registry.list().stream()
                    .filter(card -> card.state() == ModelState.CHAMPION)
                    .findFirst();
            ModelCard champion = work.apply(registry);
            String folder = directory.folder().getFileName().toString();
            String before = former.map(card -> "model " + card.version()).orElse("nobody");
            boolean same = former.filter(card -> card.version().equals(champion.version()))
                    .isPresent();
            say("Model " + champion.version() + " speaks for " + folder
                    + (same ? " already." : " now, " + before + " before."));
        }
        return 0;
    }

    private KeptSource kept(Settings settings) {
        return new KeptSource(settings, source.source(settings));
    }

    private StandardOutput output() {
        return new StandardOutput(spec.commandLine().getOut());
    }

    private void say(String words) {
        spec.commandLine().getErr().println(words);
    }
}
