package tickcast.http.node;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tickcast.model.forecast.Forecaster;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.training.Backtest;
import tickcast.model.training.BacktestCheckpoint;
import tickcast.model.training.BacktestReport;
import tickcast.model.training.BacktestSettings;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.TrainingSettings;

/** {@code backtest}: what the system would have been worth on recorded history. */
@Command(
        name = "backtest",
        description =
                "Walks forward through recorded history as the system would have lived through it: trains on the"
                        + " first 65 %%, then predicts minute by minute and trains anew every day; or lets one model speak (--model)."
                        + " Interrupted, and started again with the same arguments, it goes on where it was. Prints a table by symbol.",
        footer = {
            "The table: MAE/naive below 1 is better than \"the price stays as it is\"; skill is 1 minus that, low and"
                    + " high are its 95 %% interval; DM p tests it (Diebold-Mariano); direction is the share of right"
                    + " directions, top 10%% that of the most confident tenth; inside is the share of prices within the"
                    + " interval; Winkler below 1 beats the last day's quantiles."
        },
        mixinStandardHelpOptions = true)
final class BacktestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            required = true,
            description = "Directory in Kraken's download layout: XBTUSD.csv (trades) or XBTUSD_1.csv (one-minute"
                    + " candles), each optionally .gz. At least 20 days, unless with --model. Repeat it to walk through several, each on"
                    + " its own, and to pool their outcomes.")
    private List<Path> histories = new ArrayList<>();

    @Option(
            names = "--retrain-hours",
            paramLabel = "HOURS",
            defaultValue = "24",
            description = "How long a model speaks before the next one is trained. Default: ${DEFAULT-VALUE}.")
    private int retrainHours;

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description = "Train nothing: judge this one model, a version as listed by: models list. It speaks from the"
                    + " first minute on, however old it gets; what counts are the minutes after those that it learned"
                    + " from.")
    private String model;

    @Mixin
    private SourceOption source;

    @Option(names = "--out", paramLabel = "FILE", description = "Also write the report as JSON.")
    private Path out;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write the report as a page with charts.")
    private Path html;

    @Option(
            names = "--symbol",
            paramLabel = "PAIR",
            split = ",",
            hideParamSyntax = true,
            converter = SymbolConverter.class,
            description =
                    "Only this pair, such as BTC/USD; repeatable, or several with commas. Default: all of the directory.")
    private List<Symbol> symbols = new ArrayList<>();

    private final List<BacktestWork> works = new ArrayList<>();

    @Override
    public Integer call() {
        requireWritable("--out", out);
        requireWritable("--html", html);
        requireSoundHours();
        Settings settings = Settings.of(NodeConfig.load());
        List<RecordedHistory> recorded = new ArrayList<>();
        for (Path history : histories) {
            recorded.add(RecordedHistory.open(spec, history, symbols));
        }
        long begun = System.nanoTime();
        try {
            BacktestReport report =
                    BacktestReport.pooled(model == null ? retrained(settings, recorded) : pinned(settings, recorded));
            tell(report, Duration.ofNanos(System.nanoTime() - begun));
            works.forEach(BacktestWork::finish);
        } finally {
            works.forEach(BacktestWork::close);
        }
        return 0;
    }

    private void requireSoundHours() {
        if (retrainHours < 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--retrain-hours': " + retrainHours + ", expected at least 1");
        }
        if (model != null && spec.commandLine().getParseResult().hasMatchedOption("--retrain-hours")) {
            throw new ParameterException(
                    spec.commandLine(), "--model trains nothing: it can't be combined with --retrain-hours");
        }
    }

    private List<BacktestReport> retrained(Settings settings, List<RecordedHistory> recorded) {
        BacktestSettings own = backtestSettings(settings, Duration.ofHours(retrainHours));
        return walk(
                recorded,
                (history, label, progress) -> new Backtest(own, label, System::nanoTime)
                        .resuming(work(settings, BacktestKey.of(history, own, label)))
                        .run(history, progress));
    }

    private BacktestCheckpoint work(Settings settings, String key) {
        PrintWriter err = spec.commandLine().getErr();
        Optional<BacktestWork> work = BacktestWork.take(settings.dataDirectory(), key, line -> {
            err.println(line);
            err.flush();
        });
        work.ifPresent(works::add);
        return work.<BacktestCheckpoint>map(own -> own).orElse(BacktestCheckpoint.NONE);
    }

    private List<BacktestReport> pinned(Settings settings, List<RecordedHistory> recorded) {
        KeptSource kept = new KeptSource(settings, source.source(settings));
        return kept.someModels(models -> {
            try (Forecaster forecaster = models.load(model)) {
                BacktestSettings own = BacktestSettings.defaults(
                                forecaster.card().horizonMinutes())
                        .withCoverages(settings.forecast().coverages());
                return walk(
                        recorded,
                        (history, label, progress) -> new Backtest(own, label, System::nanoTime)
                                .run(history, forecaster, progress, prediction -> {}));
            }
        });
    }

    /** One way through one history. */
    private interface Walk {
        BacktestReport run(MarketHistory minutes, String source, tickcast.model.training.Progress progress);
    }

    private List<BacktestReport> walk(List<RecordedHistory> recorded, Walk walk) {
        List<BacktestReport> reports = new ArrayList<>();
        for (int i = 0; i < recorded.size(); i++) {
            MarketHistory minutes = recorded.get(i).read();
            String label =
                    MarketSource.replay(recorded.get(i).files().fingerprint()).label();
            String prefix = histories.size() == 1 ? "" : histories.get(i).getFileName() + ": ";
            Progress progress = Progress.of(spec.commandLine().getErr());
            try {
                reports.add(walk.run(minutes, label, (phase, share) -> progress.at(prefix + phase, share)));
            } finally {
                progress.done();
            }
        }
        return reports;
    }

    /** As this node trains and predicts, but for the history that is enough. */
    static BacktestSettings backtestSettings(Settings settings, Duration retrainEvery) {
        return BacktestSettings.defaults(settings.forecast().horizonMinutes())
                .withTraining(settings.trainingSettings().withMinimumHistory(TrainingSettings.LEAST_HISTORY))
                .withCoverages(settings.forecast().coverages())
                .withSearch(settings.training().search())
                .withRetrainEvery(retrainEvery);
    }

    private void tell(BacktestReport report, Duration took) {
        StandardOutput table = new StandardOutput(spec.commandLine().getOut());
        report.toTable().lines().forEach(table::line);
        table.flush();
        tellWords(report, took);
        if (out != null) {
            write(out, report.toJson() + "\n");
        }
        if (html != null) {
            write(html, new BacktestPage(histories, report).html());
        }
    }

    private void tellWords(BacktestReport report, Duration took) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(verdict(report.joint()));
        if (report.jointCourse().containsKey("maeRatioScaled")) {
            err.printf(
                    Locale.ROOT,
                    "The recipe of the courses (absolute price, raw indicators) errs %.2f times as much as naive.%n",
                    report.jointCourse().get("maeRatioScaled"));
        }
        err.printf(Locale.ROOT, "Took %.1f s.%n", took.toMillis() / 1000.0);
        err.flush();
    }

    /** The most important figure in one sentence. */
    static String verdict(Map<String, Double> joint) {
        double low = joint.getOrDefault("skillLow", Double.NaN);
        double high = joint.getOrDefault("skillHigh", Double.NaN);
        String judgement =
                low > 0 ? "credibly better than" : high < 0 ? "credibly worse than" : "not credibly different from";
        return String.format(
                Locale.ROOT,
                "Jointly %s \"the price stays as it is\": skill %+.4f, 95 %% interval %+.4f to %+.4f.",
                judgement,
                joint.getOrDefault("skill", Double.NaN),
                low,
                high);
    }

    /** Told before the work, not after it. */
    private void requireWritable(String option, Path file) {
        if (file != null) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '" + option + "': " + file + " can't be a file there");
            }
        }
    }

    private void write(Path file, String text) {
        try {
            Files.writeString(file, text, StandardCharsets.UTF_8);
            spec.commandLine().getErr().println("Wrote " + file);
        } catch (IOException e) {
            throw new CommandFailed(file + " can't be written: " + e, e);
        }
    }
}
