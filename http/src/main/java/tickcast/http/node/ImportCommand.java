package tickcast.http.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.replay.HistoryImport;

/** {@code import}: history files into the store. */
@Command(
        name = "import",
        description = "Reads recorded history into the store. Doing it again changes nothing.",
        mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

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

    @Override
    public Integer call() {
        Settings settings = Settings.of(NodeConfig.load());
        MarketSource market = source.source(settings);
        RecordedHistory recorded = RecordedHistory.open(spec, history, symbols);
        MeterRegistry meters = new SimpleMeterRegistry();
        try (DataDirectory directory = DataDirectory.take(settings.dataDirectory(), market);
                Archive archive = Stores.openReady(settings, market, meters)) {
            HistoryImport.Summary summary = run(recorded, archive);
            recorded.tellBadLines();
            requireNoneRefused(summary, meters, directory.folder());
            tell(summary, new KeptSource(settings, market));
        }
        return 0;
    }

    private HistoryImport.Summary run(RecordedHistory recorded, Archive archive) {
        Progress progress = Progress.of(spec.commandLine().getErr());
        HistoryImport.Summary summary = new HistoryImport(recorded.files(), archive)
                .run(
                        recorded.symbols(),
                        (symbol, candles, reached) -> progress.at(String.format(
                                Locale.ROOT, "importing %s, %,d candles, %s", symbol, candles, Words.minute(reached))));
        progress.done();
        return summary;
    }

    private static void requireNoneRefused(HistoryImport.Summary summary, MeterRegistry meters, Path folder) {
        long refused =
                (long) meters.counter("tickcast_archive_dead_letters_total").count();
        if (refused > 0) {
            throw new CommandFailed(String.format(
                    Locale.ROOT,
                    "Elasticsearch refused %,d of %,d candles: they are in %s with what it said",
                    refused,
                    summary.candles(),
                    folder.resolve("dead-letters.jsonl")));
        }
    }

    private void tell(HistoryImport.Summary summary, KeptSource kept) {
        PrintWriter err = spec.commandLine().getErr();
        List<Symbol> unknown = new ArrayList<>();
        for (HistoryImport.SymbolSummary own : summary.bySymbol()) {
            err.printf(
                    Locale.ROOT,
                    "%-10s %,11d candles, %,d of them without a trade, %s to %s%n",
                    own.symbol(),
                    own.candles(),
                    own.empty(),
                    Words.minute(own.from()),
                    Words.minute(own.to()));
            if (!kept.settings().symbols().contains(own.symbol())) {
                unknown.add(own.symbol());
            }
        }
        err.printf(
                Locale.ROOT,
                "Imported %,d candles of %s into %s.%n",
                summary.candles(),
                kept.source().key(),
                kept.where());
        if (!unknown.isEmpty()) {
            err.println("Other commands take " + Words.names(unknown) + " only when SYMBOLS or --symbol names it.");
        }
        err.flush();
    }
}
