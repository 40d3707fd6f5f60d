package tickcast.streams.archive.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
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
import tickcast.streams.archive.Answers;
import tickcast.streams.archive.recent.Decision;
import tickcast.streams.archive.recent.MergedReads;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.kafka.KafkaAdmin;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.RecordWriter;
import tickcast.streams.record.Stamped;

/**
 * The archive of one market source whose truth is the log. A write goes to its kind's topic and completes when all
 * replicas have it and this node has read it back; a store learns of it from the {@link Archiver}, sooner or later. Reads
 * lay what the store may not know over what the store says, and leave the store alone where memory knows everything: a
 * minute of predicting needs no store, so while it is away everything flows.
 *
 * <p>Of two published predictions of one as-of the one with the lower offset wins, on every node alike. Notes and
 * retention are the store's own business, so those calls fail while it is away. While Kafka is away writes wait and
 * nothing is dropped; beyond {@value #MOST_WAITING} records under way, further writes are refused with
 * {@link ArchiveUnavailable}. Thread safe; never blocks but in {@link #close}.
 */
public final class KafkaArchive implements Archive {

    static final int MOST_WAITING = 250_000;
    private static final int MOST_EARLY = 10_000;
    private static final Duration EARLY_PATIENCE = Duration.ofSeconds(10);
    /** Less than the 800 ms after which readiness stops listening, so that it hears who does not answer. */
    private static final Duration PROBE_PATIENCE = Duration.ofMillis(600);

    private static final Duration EXPIRY_PATIENCE = Duration.ofMinutes(1);

    /**
     * @param archivedPerSeries records of a symbol and kind that stay in memory although the store has them
     * @param mostPendingBytes about how much memory records may take that the store does not have
     */
    public record Memory(int archivedPerSeries, long mostPendingBytes) {
        /** Two hours of minutes, and 64 MiB. */
        public static final Memory USUAL = new Memory(128, 64L << 20);
    }

    private final KafkaSettings settings;
    private final MarketSource source;
    private final Archive store;
    private final KafkaAdmin admin;
    private final RecordWriter writer;
    private final RecentRecords recent;
    private final LogTail tail;
    private final EarlyReads early;
    private final MergedReads reads;
    private int waiting;

    private KafkaArchive(
            KafkaSettings settings, MarketSource source, Archive store, Memory memory, MeterRegistry meters) {
        this.settings = settings;
        this.source = source;
        this.store = store;
        this.admin = new KafkaAdmin(settings);
        this.writer = new RecordWriter(settings, "archive", meters);
        this.recent = new RecentRecords(memory.archivedPerSeries(), memory.mostPendingBytes());
        this.tail =
                new LogTail(settings, source.key(), new ArchiveGroup(admin, settings, source, store), recent, meters);
        this.early = new EarlyReads(tail.caughtUp(), EARLY_PATIENCE, MOST_EARLY);
        this.reads = new MergedReads(recent, store, true);
        Gauge.builder("tickcast.log.pending.bytes", recent, RecentRecords::pendingBytes)
                .description("Memory taken by records that the store does not have yet")
                .register(meters);
    }

    /**
     * Begins to read the log's end, as soon as the topics are there. Writes wait until it is read; reads wait for ten
     * seconds and then fail with {@link ArchiveUnavailable}.
     *
     * @param store what the {@link Archiver} fills; closed with this
     */
    public static KafkaArchive open(
            KafkaSettings settings, MarketSource source, Archive store, Memory memory, MeterRegistry meters) {
        return new KafkaArchive(settings, source, store, memory, meters);
    }

    // ---- writing

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
        return write(LogKind.CANDLES, candles, epoch);
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return write(LogKind.FEATURES, vectors, 0);
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        return write(LogKind.SENTIMENT, sentiment, 0);
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
        return write(LogKind.ERRORS, errors, 0);
    }

    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
        List<Prediction> copy = List.copyOf(predictions);
        return tail.caughtUp().thenCompose(ready -> decide(copy)).thenCompose(decisions -> {
            List<Prediction> first = Decision.firstOfEach(decisions);
            return write(LogKind.PREDICTIONS, first, 0).thenApply(written -> recent.winners(decisions));
        });
    }

    private CompletionStage<List<Decision>> decide(List<Prediction> predictions) {
        CompletionStage<List<Decision>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (Prediction prediction : predictions) {
            all = all.thenCombine(reads.decide(prediction), (list, decision) -> {
                list.add(decision);
                return list;
            });
        }
        return all;
    }

    private <T> CompletionStage<Void> write(LogKind<T> kind, List<T> facts, long epoch) {
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>(facts.size());
        try {
            facts.forEach(fact -> records.add(kind.record(settings, new Stamped<>(fact, source.key(), epoch))));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedStage(e);
        }
        return admitted(
                records.size(),
                () -> tail.caughtUp()
                        .thenCompose(
                                ready -> writer.writeAndLocate(records).exceptionallyCompose(KafkaArchive::refused))
                        .thenCompose(tail::read));
    }

    private static <T> CompletionStage<T> refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return CompletableFuture.failedStage(
                cause instanceof RecordTooLargeException
                        ? new IllegalArgumentException("the log refuses the record: " + cause.getMessage(), cause)
                        : new ArchiveUnavailable("the log can't be written: " + cause.getMessage(), cause));
    }

    private CompletionStage<Void> admitted(int records, Supplier<CompletionStage<Void>> writing) {
        if (records == 0) {
            return CompletableFuture.completedStage(null);
        }
        synchronized (this) {
            if (waiting > 0 && waiting + records > MOST_WAITING) {
                return CompletableFuture.failedStage(
                        new ArchiveUnavailable(waiting + " records wait for Kafka; try again later", null));
            }
            waiting += records;
        }
        return writing.get().whenComplete((written, failure) -> {
            synchronized (this) {
                waiting -= records;
            }
        });
    }

    // ---- reading

    private <T> CompletionStage<T> whenReady(Supplier<CompletionStage<T>> read) {
        return early.turn().thenCompose(ready -> read.get());
    }

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return whenReady(() -> reads.candles(symbol, page));
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return whenReady(() -> reads.features(symbol, page));
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return whenReady(() -> reads.sentiment(symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return whenReady(() -> reads.predictions(symbol, page));
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return whenReady(() -> reads.unmatured(symbol, fromTarget, toTarget));
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return whenReady(() -> reads.errors(symbol, page));
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return whenReady(() -> reads.allErrors(symbol, page));
    }

    // ---- the store's own

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return store.note(name);
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return store.writeNote(name, value);
    }

    /** Completes when the store has everything that is written now. */
    public CompletionStage<Void> archived() {
        return whenReady(tail::archived);
    }

    /** Waits until the store has what is written, so that nothing is archived after its age was looked at. */
    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return Answers.within(EXPIRY_PATIENCE, "the store has not caught up with the log", archived())
                .thenCompose(archived -> store.expire(retention, now))
                .thenApply(deleted -> {
                    recent.forget(retention, now);
                    return deleted;
                });
    }

    /** Completes when Kafka answers and takes records, this node has read the log, and the store can be read and written. */
    @Override
    public CompletionStage<Void> probe() {
        String trouble = writer.trouble();
        if (!trouble.isEmpty()) {
            return CompletableFuture.failedStage(new ArchiveUnavailable(trouble, null));
        }
        return Answers.within(PROBE_PATIENCE, "Kafka does not answer", whenReady(tail::readToTheEnd))
                .thenCompose(read -> store.probe());
    }

    /** Lets what is under way to Kafka finish, at most some seconds long; closes the store too. Blocks so long. */
    @Override
    public void close() {
        writer.close();
        tail.close();
        admin.close();
        store.close();
    }
}
