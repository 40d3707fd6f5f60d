package tickcast.streams.archive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * The archive of one market source in one SQLite file, {@code <data directory>/<source key>/tickcast.db}, in WAL mode: a
 * second process may read while this one writes.
 *
 * <p>One thread writes and commits whatever has come together in one transaction ({@link GroupCommit}); a stage completes
 * after its commit, and each call's records are kept together or not at all. A few threads read, each from a snapshot of
 * all that is committed. Stages complete on threads of their own. When more than {@value GroupCommit#MOST_PENDING} records wait
 * to be written, further ones are refused with {@link ArchiveUnavailable}: whoever writes in bulk waits for each answer.
 *
 * <p>A completed write survives the end of the process, {@code kill -9} included; a power failure may take the last
 * moments (synchronous = NORMAL) but never damages the file. Times are kept to the microsecond, as-of, target and
 * publication times to the millisecond. All doubles come back bit for bit, except that every NaN is the canonical one.
 */
public final class EmbeddedArchive implements Archive {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int READERS = 3;

    private final GroupCommit writer;
    private final Readers readers;
    private final PredictionTable predictions;
    private final ErrorTable errors;

    private EmbeddedArchive(GroupCommit writer, Readers readers, MarketSource source) {
        this.writer = writer;
        this.readers = readers;
        this.predictions = new PredictionTable(source.label());
        this.errors = new ErrorTable(predictions);
    }

    /**
     * Opens the source's archive below {@code dataDirectory}; makes it when it is absent. Blocks for some milliseconds.
     *
     * @throws ArchiveUnavailable when the file can't be made or opened, or is no archive
     * @throws IllegalStateException when a newer Tickcast has written it
     */
    public static EmbeddedArchive open(Path dataDirectory, MarketSource source) {
        return open(dataDirectory, source, PATIENCE);
    }

    /** @param patience how long to wait for another process that holds the file's lock */
    static EmbeddedArchive open(Path dataDirectory, MarketSource source, Duration patience) {
        Path file = file(dataDirectory, source);
        try {
            Files.createDirectories(file.getParent());
            return open(file, source, patience, Session.writing(file, patience));
        } catch (SQLException | IOException e) {
            throw new ArchiveUnavailable("the archive " + file + " can't be opened: " + e.getMessage(), e);
        }
    }

    private static EmbeddedArchive open(Path file, MarketSource source, Duration patience, Session session)
            throws SQLException {
        try {
            Schema.migrate(session);
            Readers readers = Readers.open(file, READERS, patience, "archive-reader-" + source.key());
            return new EmbeddedArchive(new GroupCommit(session, "archive-writer-" + source.key()), readers, source);
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Where a source's archive lies. */
    public static Path file(Path dataDirectory, MarketSource source) {
        return dataDirectory.resolve(source.key()).resolve("tickcast.db");
    }

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
        return write(candles, (session, copy) -> CandleTable.write(session, copy, epoch));
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return readers.submit(session -> CandleTable.read(session, symbol, page));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return write(vectors, FeatureTable::write);
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return readers.submit(session -> FeatureTable.read(session, symbol, page));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        return write(sentiment, SentimentTable::write);
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return readers.submit(session -> SentimentTable.read(session, symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> made) {
        List<Prediction> copy = List.copyOf(made);
        return copy.isEmpty()
                ? CompletableFuture.completedStage(copy)
                : writer.submit(copy.size(), session -> predictions.write(session, copy));
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return readers.submit(session -> predictions.read(session, symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        Range targets = Range.millis(Page.all(fromTarget, toTarget));
        return readers.submit(session -> predictions.waiting(session, symbol, targets));
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> matured) {
        return write(matured, errors::write);
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return readers.submit(session -> errors.published(session, symbol, page));
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return readers.submit(session -> errors.all(session, symbol, page));
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return readers.submit(session -> NoteTable.read(session, name));
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return write(List.of(value), (session, values) -> NoteTable.write(session, name, value));
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        CompletionStage<Long> deleted = CompletableFuture.completedStage(0L);
        for (Expiry expiry : Expiry.of(retention, now)) {
            deleted = deleted.thenCompose(before ->
                    readers.submit(expiry::symbols).thenCompose(symbols -> expire(expiry, symbols, 0, before)));
        }
        return deleted;
    }

    private CompletionStage<Long> expire(Expiry expiry, List<String> symbols, int next, long deleted) {
        if (next == symbols.size()) {
            return CompletableFuture.completedStage(deleted);
        }
        return writer.submit(1, session -> expiry.step(session, symbols.get(next)))
                .thenCompose(gone -> expire(expiry, symbols, gone == 0 ? next + 1 : next, deleted + gone));
    }

    @Override
    public CompletionStage<Void> probe() {
        return writer.submit(1, NoteTable::writeProbe)
                .thenCompose(written -> readers.submit(NoteTable::readProbe).thenAccept(read -> {
                    if (read < written) {
                        throw new ArchiveUnavailable("wrote mark " + written + " but read " + read, null);
                    }
                }));
    }

    @Override
    public void close() {
        writer.close();
        readers.close();
    }

    /** For what the port does not offer: runs in the writing thread's next transaction. */
    <T> CompletionStage<T> inTransaction(GroupCommit.Work<T> work) {
        return writer.submit(1, work);
    }

    private <T> CompletionStage<Void> write(List<T> records, Write<T> table) {
        List<T> copy = List.copyOf(records);
        if (copy.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return writer.submit(copy.size(), session -> {
            table.write(session, copy);
            return null;
        });
    }

    @FunctionalInterface
    private interface Write<T> {
        void write(Session session, List<T> records) throws SQLException;
    }
}
