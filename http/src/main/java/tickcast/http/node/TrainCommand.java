package tickcast.http.node;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.SearchSettings;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.streams.archive.ShelvedModelRegistry;

/** {@code train}: a model from the store or from recorded history, tested and registered. */
@Command(
        name = "train",
        description = "Trains a model, tests it against naive on the later part, which it does not learn from, and"
                + " registers it. When it beat naive there and no other model speaks, it becomes the champion: the one"
                + " that speaks; otherwise the running system compares the two. Prints its version.",
        mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {

    private static final int MOST_SEARCH_MINUTES = 1440;

    private final InstantSource clock = InstantSource.system();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            description = "Learn from this directory in Kraken's download layout instead of the store. Of either the"
                    + " newest part is used: TRAINING_HISTORY, 30d unless set.")
    private Path history;

    @Option(
            names = "--symbol",
            paramLabel = "PAIR",
            split = ",",
            hideParamSyntax = true,
            converter = SymbolConverter.class,
            description =
                    "Only this pair, such as BTC/USD; repeatable, or several with commas. Default: all of the directory, or those of"
                            + " SYMBOLS from the store.")
    private List<Symbol> symbols = new ArrayList<>();

    @Option(
            names = "--search-trials",
            paramLabel = "N",
            description =
                    "First try so many hyper-parameters beside the recipe's, on inner walk-forward folds of the rows"
                            + " before the test; one that is better in every fold takes the recipe's place. Each costs about one"
                            + " and a half trainings. Default: SEARCH_TRIALS, 0 unless set.")
    private Integer searchTrials;

    @Option(
            names = "--search-seed",
            paramLabel = "S",
            description = "Seed of what is tried. Default: SEARCH_SEED, 17 unless set.")
    private Long searchSeed;

    @Option(
            names = "--search-minutes",
            paramLabel = "M",
            description = "Begin no trial after so many minutes. Default: SEARCH_BUDGET, no limit unless set.")
    private Integer searchMinutes;

    @Mixin
    private SourceOption source;

    @Override
    public Integer call() {
        Settings settings = Settings.of(NodeConfig.load());
        SearchSettings search = search(settings.training().search());
        MarketSource market = source.source(settings);
        if (history == null) {
            new KeptSource(settings, market).requireArchive();
        }
        try (DataDirectory directory = DataDirectory.take(settings.dataDirectory(), market);
                ShelvedModelRegistry registry = Stores.models(settings, market, directory)) {
            directory.requireHorizon(settings.forecast().horizonMinutes());
            Stores.requireHorizon(settings, market);
            Instant begun = clock.instant();
            Progress progress = Progress.of(spec.commandLine().getErr());
            TrainingSet rows = rows(settings, market, progress);
            TrainedModel model = new ModelTrainer(settings.trainingSettings(), search, System::nanoTime)
                    .train(rows, market.key(), clock.instant(), progress::at);
            progress.done();
            ModelCard card = registry.register(model);
            tell(card, Duration.between(begun, clock.instant()));
            decide(registry, card, market, settings.forecast().staleAfter());
            output(card.version());
        }
        return 0;
    }

    private SearchSettings search(SearchSettings configured) {
        requireWithin("--search-trials", searchTrials, SearchSettings.MOST_TRIALS);
        requireWithin("--search-minutes", searchMinutes, MOST_SEARCH_MINUTES);
        return new SearchSettings(
                searchTrials == null ? configured.trials() : searchTrials,
                searchSeed == null ? configured.seed() : searchSeed,
                searchMinutes == null ? configured.budget() : Duration.ofMinutes(searchMinutes));
    }

    private void requireWithin(String option, Integer value, int most) {
        if (value != null && (value < 0 || value > most)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '" + option + "': " + value + ", expected 0 to " + most);
        }
    }

    private TrainingSet rows(Settings settings, MarketSource market, Progress progress) {
        Duration newest = settings.training().history();
        if (history != null) {
            return rows(
                    settings, RecordedHistory.open(spec, history, symbols).read(newest), ServedVectors.NONE, progress);
        }
        List<Symbol> wanted = symbols.isEmpty() ? settings.symbols() : symbols;
        try (Archive archive = new KeptSource(settings, market).archive()) {
            StoredHistory stored = new StoredHistory(archive, wanted);
            return rows(settings, stored.read(newest), stored.served(), progress);
        }
    }

    private static TrainingSet rows(Settings settings, MarketHistory known, ServedVectors served, Progress progress) {
        return new TrainingSetBuilder(settings.forecast().horizonMinutes(), served)
                .build(known, known.to(), progress::at);
    }

    private void tell(ModelCard card, Duration took) {
        Map<String, Double> metrics = card.metrics();
        PrintWriter err = spec.commandLine().getErr();
        tellSearch(card, err);
        err.printf(
                Locale.ROOT,
                "Learned from %,d rows of %s, %s to %s, in %.1f s.%n",
                card.rows(),
                String.join(", ", card.symbols()),
                Words.minute(card.dataFrom()),
                Words.minute(card.dataTo()),
                took.toMillis() / 1000.0);
        err.printf(
                Locale.ROOT,
                "Tested on the %,.0f rows since %s: skill %s against \"the price stays as it is\", direction %.1f %%.%n",
                metrics.getOrDefault("rows", Double.NaN),
                Words.minute(Instant.parse(card.parameters().get("testFrom"))),
                ModelsCommand.skill(card),
                100 * metrics.getOrDefault("directionAccuracy", Double.NaN));
    }

    private static void tellSearch(ModelCard card, PrintWriter err) {
        Map<String, String> record = new TreeMap<>(card.parameters());
        if (record.containsKey("search")) {
            err.println("Searched: " + record.get("search") + ". Taken: " + record.get("searchTaken") + ".");
            record.forEach((name, value) -> {
                if (name.startsWith("searchFold") || name.startsWith("searchTrial")) {
                    err.println("  " + name.substring("search".length()).toLowerCase(Locale.ROOT) + ": " + value);
                }
            });
        }
    }

    /** A model beside a champion has yet to show that it is better, on minutes that neither was trained on. */
    private void decide(ModelRegistry registry, ModelCard card, MarketSource market, Duration staleAfter) {
        PrintWriter err = spec.commandLine().getErr();
        Optional<ModelCard> champion = registry.champion();
        boolean isFree = champion.filter(
                        other -> other.dataTo().plus(staleAfter).isAfter(card.dataTo()))
                .isEmpty();
        if (!card.mayPromote()) {
            err.println("Model " + card.version() + " did not credibly beat naive there: it is kept as a challenger and"
                    + " does not speak.");
        } else if (isFree) {
            registry.promote(
                    card.version(),
                    "beat naive on its purged later part, and there was no champion that could still speak");
            err.println(
                    "Model " + card.version() + " beat naive there: it speaks for " + market.key() + " from now on.");
        } else {
            err.println("Model " + card.version()
                    + " beat naive there. It is a challenger: while the system runs it takes"
                    + " the place of model " + champion.get().version() + " when it is better on minutes that neither"
                    + " was trained on; at once with: models promote " + card.version());
        }
        err.flush();
    }

    private void output(String version) {
        StandardOutput out = new StandardOutput(spec.commandLine().getOut());
        out.line(version);
        out.flush();
    }
}
