package tickcast.http.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.training.MarketHistory;
import tickcast.streams.exchange.replay.HistoryFiles;
import tickcast.streams.exchange.replay.HistoryReader;
import tickcast.streams.exchange.replay.Problems;

/**
 * A command's {@code --history DIR}. Bad lines and files that were not read are told on standard error, with file and line
 * number.
 */
final class RecordedHistory {

    private static final int CANDLES_PER_REPORT = 5000;

    private final HistoryFiles files;
    private final List<Symbol> symbols;
    private final PrintWriter err;

    private RecordedHistory(HistoryFiles files, List<Symbol> symbols, PrintWriter err) {
        this.files = files;
        this.symbols = symbols;
        this.err = err;
    }

    /**
     * Looks what the directory has.
     *
     * @param only pairs that are wanted; none = all
     * @throws ParameterException when it is no directory or lacks a wanted pair
     */
    static RecordedHistory open(CommandSpec spec, Path directory, List<Symbol> only) {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--history': " + directory + " is no directory");
        }
        tellOnlyHere();
        HistoryFiles files = HistoryFiles.discover(directory);
        for (Symbol symbol : only) {
            if (!files.symbols().contains(symbol)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--symbol': " + directory + " has no " + symbol + "; it has "
                                + Words.names(files.symbols()));
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        files.problems().first().forEach(err::println);
        return new RecordedHistory(files, only.isEmpty() ? files.symbols() : List.copyOf(only), err);
    }

    /** What a running system logs of problems, a command tells itself. */
    private static void tellOnlyHere() {
        ((Logger) LoggerFactory.getLogger(Problems.class)).setLevel(Level.ERROR);
    }

    HistoryFiles files() {
        return files;
    }

    List<Symbol> symbols() {
        return symbols;
    }

    /** Reads everything. */
    MarketHistory read() {
        return read(Duration.ofSeconds(Long.MAX_VALUE / 4));
    }

    /** Reads the newest part, so that memory stays bounded. @param newest how much of each symbol */
    MarketHistory read(Duration newest) {
        Progress progress = Progress.of(err);
        Map<Symbol, List<Candle>> candles = new TreeMap<>();
        for (Symbol symbol : symbols) {
            try (HistoryReader<Candle> reader = files.candles(symbol)) {
                candles.put(symbol, read(symbol, reader, newest, progress));
            }
        }
        progress.done();
        tellBadLines();
        return MarketHistory.of(candles, List.of());
    }

    private static List<Candle> read(Symbol symbol, HistoryReader<Candle> reader, Duration newest, Progress progress) {
        Deque<Candle> kept = new ArrayDeque<>();
        long read = 0;
        while (reader.hasNext()) {
            Candle candle = reader.next();
            kept.addLast(candle);
            while (Duration.between(kept.peekFirst().openTime(), candle.closeTime())
                            .compareTo(newest)
                    > 0) {
                kept.removeFirst();
            }
            if (++read % CANDLES_PER_REPORT == 0) {
                progress.at("reading " + symbol + ", " + Words.minute(candle.openTime()));
            }
        }
        return List.copyOf(kept);
    }

    /** Tells what was skipped. Call once, after reading. */
    void tellBadLines() {
        List<Problems.Problem> shown = files.problems().first().stream()
                .filter(problem -> problem.line() > 0)
                .toList();
        shown.forEach(err::println);
        long bad = files.problems().badLines();
        if (bad > shown.size()) {
            err.println("… and " + (bad - shown.size()) + " more");
        }
        if (bad > 0) {
            err.println("Skipped " + bad + " of " + files.problems().linesRead() + " lines.");
        }
        err.flush();
    }
}
