package tickcast.http.node;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
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
import picocli.CommandLine.Spec;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.forecast.Status;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelRegistry;
import tickcast.model.training.HistoryScoring;
import tickcast.model.training.MarketHistory;

/** {@code score}: predictions of a model for recorded history, as CSV. */
@Command(
        name = "score",
        description = "Predicts every minute of recorded history with the champion, or with --model, and writes CSV to"
                + " standard output. Minutes without figures (the first hour, gaps) are left out; where the model can't"
                + " speak yet, and where none has earned it, the naive forecast with its interval stands in.",
        mixinStandardHelpOptions = true)
final class ScoreCommand implements Callable<Integer> {

    /** Those of the table's columns. */
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);

    private static final String HEADER = "symbol,asOf,lastPrice,predictedPrice,low80,high80,low95,high95,probabilityUp";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--history",
            paramLabel = "DIR",
            required = true,
            description = "Directory in Kraken's download layout: XBTUSD.csv (trades) or XBTUSD_1.csv (one-minute"
                    + " candles), each optionally .gz.")
    private Path history;

    @Option(
            names = "--model",
            paramLabel = "VERSION",
            description = "A version as listed by: models list. Default: the champion.")
    private String model;

    @Option(
            names = "--symbol",
            paramLabel = "PAIR",
            split = ",",
            hideParamSyntax = true,
            converter = SymbolConverter.class,
            description =
                    "Only this pair, such as BTC/USD; repeatable, or several with commas. Default: all of the directory.")
    private List<Symbol> symbols = new ArrayList<>();

    @Mixin
    private SourceOption source;

    private final Map<String, Long> counts = new TreeMap<>();

    @Override
    public Integer call() {
        Settings settings = Settings.of(NodeConfig.load());
        KeptSource kept = new KeptSource(settings, source.source(settings));
        RecordedHistory recorded = RecordedHistory.open(spec, history, symbols);
        return kept.models(models -> {
            Optional<String> version = version(kept, models);
            if (version.isEmpty()) {
                scoreNaively(kept, settings.forecast().horizonMinutes(), recorded);
            } else {
                score(kept, models.orElseThrow(), version.get(), recorded);
            }
            return 0;
        });
    }

    private void scoreNaively(KeptSource kept, int horizonMinutes, RecordedHistory recorded) {
        words().println("No model speaks for " + kept.source().key() + " in " + kept.where()
                + ": these are naive forecasts. Name a model with --model (see: models list).");
        write(HistoryScoring.naive(composer(kept, horizonMinutes)), recorded.read());
    }

    private void score(KeptSource kept, ModelRegistry models, String version, RecordedHistory recorded) {
        try (Forecaster forecaster = models.load(version)) {
            MarketHistory minutes = recorded.read();
            tellWhatItHasSeen(forecaster.card(), minutes);
            PredictionComposer composer = composer(kept, forecaster.card().horizonMinutes());
            write(HistoryScoring.with(composer, forecaster), minutes);
        }
    }

    private Optional<String> version(KeptSource kept, Optional<? extends ModelRegistry> models) {
        if (model != null && models.isEmpty()) {
            throw new CommandFailed(kept.nothing("models"));
        }
        return Optional.ofNullable(model)
                .or(() -> models.flatMap(ModelRegistry::champion).map(ModelCard::version));
    }

    private static PredictionComposer composer(KeptSource kept, int horizonMinutes) {
        return new PredictionComposer(kept.source().label(), horizonMinutes, COVERAGES);
    }

    private void tellWhatItHasSeen(ModelCard card, MarketHistory minutes) {
        if (card.dataTo().isAfter(minutes.from()) && card.dataFrom().isBefore(minutes.to())) {
            words().println("Mind: model " + card.version() + " learned from " + Words.minute(card.dataFrom()) + " to "
                    + Words.minute(card.dataTo()) + "; rows of that time show nothing about its skill.");
        }
    }

    private void write(HistoryScoring scoring, MarketHistory minutes) {
        Progress progress = Progress.of(words());
        StandardOutput out = new StandardOutput(spec.commandLine().getOut());
        out.line(HEADER);
        scoring.run(minutes, progress::at, prediction -> {
            counts.merge(kind(prediction), 1L, Long::sum);
            if (prediction.hasFigures()) {
                out.line(row(prediction));
            }
        });
        out.flush();
        progress.done();
        counts.forEach((kind, count) -> words().printf(Locale.ROOT, "%,9d %s%n", count, kind));
        words().flush();
    }

    private static String kind(Prediction prediction) {
        if (prediction.status() == Status.LIVE) {
            return "by model " + prediction.modelVersion();
        }
        return (prediction.hasFigures() ? "naive" : "left out") + " (" + prediction.reason() + ")";
    }

    private static String row(Prediction prediction) {
        StringBuilder row =
                new StringBuilder(prediction.symbol().name()).append(',').append(Times.iso(prediction.asOf()));
        append(row, prediction.lastPrice());
        append(row, prediction.predictedPrice());
        prediction.intervals().forEach(interval -> {
            append(row, interval.low());
            append(row, interval.high());
        });
        append(row, prediction.probabilityUp());
        return row.toString();
    }

    private static void append(StringBuilder row, double figure) {
        row.append(',').append(new BigDecimal(Double.toString(figure)).toPlainString());
    }

    private PrintWriter words() {
        return spec.commandLine().getErr();
    }
}
