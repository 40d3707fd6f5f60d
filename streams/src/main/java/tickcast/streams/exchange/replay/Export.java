package tickcast.streams.exchange.replay;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/** Writes what an archive keeps as CSV or JSON lines, page by page, in the words of the REST interface. */
public final class Export {

    private static final int PAGE = 1000;

    /** What can be exported. */
    public enum Kind {
        /** By open time. */
        CANDLES,
        /** By as-of. In CSV only vectors of the current schema. */
        FEATURES,
        /** Published ones, by as-of. */
        PREDICTIONS,
        /** Of published predictions, by target time. */
        ERRORS
    }

    /** How it is written. */
    public enum Format {
        /** With a header line; not known = empty. */
        CSV,
        /** One object a line; not known = null. */
        JSON_LINES
    }

    private final Archive archive;
    private final ExportRecords records;

    public Export(Archive archive, MarketSource source) {
        this.archive = archive;
        this.records = new ExportRecords(source.label());
    }

    /**
     * Writes the records of a time range, one symbol after the other, each oldest first. Blocks; leaves the stream open.
     *
     * @param from inclusive
     * @param to exclusive
     * @param progress hears the number of records so far, after every page
     * @return number of records written
     * @throws Archive.ArchiveUnavailable when the archive can't be read
     */
    public long write(
            Kind kind,
            Format format,
            List<Symbol> symbols,
            Instant from,
            Instant to,
            OutputStream out,
            LongConsumer progress)
            throws IOException {
        try (RowWriter writer = format == Format.CSV ? new CsvWriter(out) : new JsonLinesWriter(out)) {
            writer.begin(records.example(kind));
            for (Symbol symbol : symbols) {
                switch (kind) {
                    case CANDLES ->
                        copy(
                                page -> archive.candles(symbol, page),
                                Candle::openTime,
                                records::candle,
                                from,
                                to,
                                writer,
                                progress);
                    case FEATURES ->
                        copy(
                                page -> archive.features(symbol, page),
                                FeatureVector::asOf,
                                records::features,
                                from,
                                to,
                                writer,
                                progress);
                    case PREDICTIONS ->
                        copy(
                                page -> archive.predictions(symbol, page),
                                Prediction::asOf,
                                records::prediction,
                                from,
                                to,
                                writer,
                                progress);
                    case ERRORS ->
                        copy(
                                page -> archive.errors(symbol, page),
                                error -> error.prediction().targetTime(),
                                records::error,
                                from,
                                to,
                                writer,
                                progress);
                }
            }
            return writer.rows();
        }
    }

    private static <T> void copy(
            Function<Page, CompletionStage<List<T>>> read,
            Function<T, Instant> time,
            Function<T, Fields> fields,
            Instant from,
            Instant to,
            RowWriter writer,
            LongConsumer progress)
            throws IOException {
        Instant next = from;
        List<T> page = await(read.apply(Page.forward(next, to, PAGE)));
        while (!page.isEmpty()) {
            for (T item : page) {
                writer.write(fields.apply(item));
            }
            progress.accept(writer.rows());
            next = time.apply(page.get(page.size() - 1)).plusMillis(1);
            page = page.size() < PAGE ? List.of() : await(read.apply(Page.forward(next, to, PAGE)));
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
