package tickcast.streams.exchange.replay;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tickcast.model.archive.Archive;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

/** Brings history files into an archive as candles. Doing it again changes nothing. */
public final class HistoryImport {

    private static final int BATCH = 5000;

    private final HistoryFiles files;
    private final Archive archive;

    public HistoryImport(HistoryFiles files, Archive archive) {
        this.files = files;
        this.archive = archive;
    }

    /** Hears how far it has come, after every batch. */
    @FunctionalInterface
    public interface Progress {
        /** @param candles of this symbol so far @param reached close time of the newest one */
        void report(Symbol symbol, long candles, Instant reached);
    }

    /**
     * What came of it.
     *
     * @param candles stored, empty ones included
     * @param empty minutes in which nobody traded
     * @param lines read
     * @param badLines skipped
     * @param bySymbol what each symbol got
     */
    public record Summary(long candles, long empty, long lines, long badLines, List<SymbolSummary> bySymbol) {}

    /** @param from open time of the first candle @param to close time of the last */
    public record SymbolSummary(Symbol symbol, Instant from, Instant to, long candles, long empty) {}

    /**
     * Imports some symbols, or all when none is given. Blocks until everything is stored.
     *
     * @throws HistoryException when files can't be read or more than 1 % of their lines are bad; what came before is stored
     * @throws Archive.ArchiveUnavailable when the archive can't be written
     */
    public Summary run(List<Symbol> symbols, Progress progress) {
        List<SymbolSummary> done = new ArrayList<>();
        for (Symbol symbol : symbols.isEmpty() ? files.symbols() : symbols) {
            try (HistoryReader<Candle> candles = files.candles(symbol)) {
                if (candles.hasNext()) {
                    done.add(copy(symbol, candles, progress));
                }
            }
        }
        return new Summary(
                done.stream().mapToLong(SymbolSummary::candles).sum(),
                done.stream().mapToLong(SymbolSummary::empty).sum(),
                files.problems().linesRead(),
                files.problems().badLines(),
                List.copyOf(done));
    }

    /** Reads the next batch while the one before is being written. */
    private SymbolSummary copy(Symbol symbol, HistoryReader<Candle> candles, Progress progress) {
        CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);
        Instant from = Instant.MAX;
        Instant to = Instant.MIN;
        long count = 0;
        long empty = 0;
        while (candles.hasNext()) {
            List<Candle> batch = new ArrayList<>(BATCH);
            while (batch.size() < BATCH && candles.hasNext()) {
                batch.add(candles.next());
            }
            await(writing);
            writing = archive.writeCandles(batch).toCompletableFuture();
            from = count == 0 ? batch.get(0).openTime() : from;
            to = batch.get(batch.size() - 1).closeTime();
            count += batch.size();
            empty += batch.stream().filter(c -> c.quality() == Quality.EMPTY).count();
            progress.report(symbol, count, to);
        }
        await(writing);
        return new SymbolSummary(symbol, from, to, count, empty);
    }

    private static void await(CompletableFuture<Void> writing) {
        try {
            writing.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
