package tickcast.http.node;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import tickcast.streams.exchange.replay.Export;

/** {@code export}: what the store keeps as CSV or JSON lines on standard output. */
@Command(
        name = "export",
        description = "Writes candles, features, predictions or errors of a time range to standard output. May run"
                + " beside a running system.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    /** What is written. */
    enum Kind {
        candles,
        features,
        predictions,
        errors
    }

    /** How it is written. */
    enum Format {
        csv,
        jsonl
    }

    @Spec
    private CommandSpec spec;

    @Option(names = "--kind", paramLabel = "KIND", required = true, description = "One of ${COMPLETION-CANDIDATES}.")
    private Kind kind;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Start, inclusive: 2026-01-05 (00:00 UTC) or 2026-01-05T12:00:00Z. Candles count by open time,"
                            + " features and predictions by as-of, errors by target time. Default: the first one.")
    private Instant from = Instant.MIN;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "End, exclusive. Default: the last one.")
    private Instant to = Instant.MAX;

    @Option(
            names = "--symbol",
            paramLabel = "PAIR",
            split = ",",
            hideParamSyntax = true,
            converter = SymbolConverter.class,
            description =
                    "Only this pair, such as BTC/USD; repeatable, or several with commas. Default: those of SYMBOLS.")
    private List<Symbol> symbols = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Mixin
    private SourceOption source;

    @Override
    public Integer call() throws IOException {
        if (!from.isBefore(to)) {
            throw new ParameterException(spec.commandLine(), "--from must be earlier than --to");
        }
        Settings settings = Settings.of(NodeConfig.load());
        MarketSource market = source.source(settings);
        KeptSource kept = new KeptSource(settings, market);
        List<Symbol> wanted = symbols.isEmpty() ? settings.symbols() : symbols;
        try (Archive archive = kept.archive()) {
            long written = write(new Export(archive, market), wanted);
            spec.commandLine()
                    .getErr()
                    .println(
                            written == 0
                                    ? "No " + kind + " of " + Words.names(wanted) + " in that range."
                                    : String.format(Locale.ROOT, "Wrote %,d %s.", written, kind));
        }
        return 0;
    }

    private long write(Export export, List<Symbol> wanted) throws IOException {
        Progress progress = Progress.of(spec.commandLine().getErr());
        StandardOutput out = new StandardOutput(spec.commandLine().getOut());
        try (OutputStream stream = out.stream()) {
            return export.write(
                    Export.Kind.valueOf(kind.name().toUpperCase(Locale.ROOT)),
                    format == Format.csv ? Export.Format.CSV : Export.Format.JSON_LINES,
                    wanted,
                    from,
                    to,
                    stream,
                    records -> progress.at(String.format(Locale.ROOT, "exporting, %,d %s", records, kind)));
        } finally {
            progress.done();
        }
    }
}
