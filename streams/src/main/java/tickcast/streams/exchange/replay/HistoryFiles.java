package tickcast.streams.exchange.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.replay.Problems.Kind;

/**
 * A directory in the layout of Kraken's downloadable history: {@code XBTUSD.csv} holds trades, {@code XBTUSD_1.csv}
 * one-minute candles, either may be gzipped ({@code .gz}); no header. Where a symbol has both, trades win: they know more.
 * Other files, unreadable lines and lines out of order are reported in {@link #problems}.
 *
 * <p>Reading is lazy and fast: over a million lines a second. Thread safe; its readers are not.
 */
public final class HistoryFiles {

    private static final int FINGERPRINT_BYTES = 1 << 16;

    private final Path directory;
    private final Map<Symbol, Path> trades = new TreeMap<>();
    private final Map<Symbol, Path> candles = new TreeMap<>();
    private final Problems problems = new Problems();

    private HistoryFiles(Path directory) {
        this.directory = directory;
    }

    /** @throws HistoryException when the directory can't be read or holds no pair's history */
    public static HistoryFiles discover(Path directory) {
        HistoryFiles files = new HistoryFiles(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(Files::isRegularFile).sorted().forEach(files::take);
        } catch (IOException e) {
            throw new HistoryException(directory + " can't be read as a directory: " + e.getMessage(), e);
        }
        if (files.symbols().isEmpty()) {
            throw new HistoryException(directory
                    + " holds no history; expected files like XBTUSD.csv (trades) or XBTUSD_1.csv (minutes), or those"
                    + " with .gz");
        }
        return files;
    }

    private void take(Path file) {
        String name = file.getFileName().toString();
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (!plain.endsWith(".csv")) {
            ignore(name, "no .csv or .csv.gz");
            return;
        }
        String stem = plain.substring(0, plain.length() - 4);
        boolean minutes = stem.endsWith("_1");
        String pair = minutes ? stem.substring(0, stem.length() - 2) : stem;
        Optional<Symbol> symbol = Symbol.tryParse(pair);
        if (symbol.isEmpty()) {
            ignore(name, "'" + pair + "' is no pair, or its candles are not one-minute ones");
            return;
        }
        Path other = (minutes ? candles : trades).putIfAbsent(symbol.get(), file);
        if (other != null) {
            ignore(name, other.getFileName() + " is read instead");
        }
    }

    private void ignore(String name, String why) {
        problems.report(Kind.IGNORED_FILE, name, 0, "ignored: " + why);
    }

    /** The directory. */
    public Path directory() {
        return directory;
    }

    /** All pairs that the directory has, in order. */
    public List<Symbol> symbols() {
        return Stream.concat(trades.keySet().stream(), candles.keySet().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether there are trades of the symbol. */
    public boolean hasTrades(Symbol symbol) {
        return trades.containsKey(symbol);
    }

    /** What was found wrong so far; grows while files are read. */
    public Problems problems() {
        return problems;
    }

    /** Trades of a symbol; ids are line numbers, sides not known. @throws HistoryException when it has none */
    public HistoryReader<Trade> trades(Symbol symbol) {
        return new TradeReader(file(trades, symbol, "trades"), symbol, problems);
    }

    /**
     * Every minute of a symbol from its first to its last, minutes without trades as EMPTY candles, all imported; made of
     * its trades where there are some. From a candle file notional and buy volume are NaN, ids −1, and the trade count is
     * −1 when every row says 1.
     *
     * @throws HistoryException when there is neither
     */
    public HistoryReader<Candle> candles(Symbol symbol) {
        return hasTrades(symbol)
                ? new TradeCandleReader(symbol, trades(symbol))
                : new FilledCandleReader(CandleRowReader.open(file(candles, symbol, "history"), symbol, problems));
    }

    /** Start of the symbol's first minute; empty when its file has no readable line. */
    Optional<Instant> beginning(Symbol symbol) {
        Problems reportedLater = Problems.silent();
        try (HistoryReader<Instant> times = times(symbol, reportedLater)) {
            return times.hasNext() ? Optional.of(Times.minuteOf(times.next())) : Optional.empty();
        }
    }

    private HistoryReader<Instant> times(Symbol symbol, Problems silent) {
        return hasTrades(symbol)
                ? MappedReader.of(
                        new TradeReader(trades.get(symbol), symbol, silent), t -> Times.ofMicros(t.timeMicros()))
                : MappedReader.of(
                        CandleRowReader.open(file(candles, symbol, "history"), symbol, silent), Candle::openTime);
    }

    private Path file(Map<Symbol, Path> files, Symbol symbol, String what) {
        return Optional.ofNullable(files.get(symbol))
                .orElseThrow(() -> new HistoryException(
                        directory + " has no " + what + " of " + symbol + "; it has " + symbols()));
    }

    /** Tells this recording from others: 12 hex digits over names, sizes and beginnings of its files. */
    public String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<Path> files = new ArrayList<>(trades.values());
            files.addAll(candles.values());
            for (Path file : files.stream().sorted().toList()) {
                String head = file.getFileName() + "\n" + Files.size(file) + "\n";
                digest.update(head.getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    digest.update(in.readNBytes(FINGERPRINT_BYTES));
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, 12);
        } catch (IOException e) {
            throw new HistoryException(directory + " can't be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
