package tickcast.streams.archive.spill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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
import tickcast.streams.archive.recent.Place;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.record.Stamped;

/**
 * A store that may be away, with a file that takes what it can't: {@code <data directory>/<source key>/spill.jsonl}. A write
 * is complete when the store has it or the file does; one that the store does not take in a moment goes to the file, and
 * while lines wait there so does everything else, so that of each kind the store gets what came first first. Memory learns
 * of a write when it is kept, not before; reads see the store and memory.
 *
 * <p>Bounded: a full file refuses further writes with {@link ArchiveUnavailable}. Notes are the store's alone. {@link #probe}
 * tells whether the store itself is there.
 */
public final class SpillingArchive implements Archive {

    /** How long a write may keep its caller waiting before it goes to the file; a large one longer. */
    private static final Duration MOMENT = Duration.ofMillis(150);

    private static final Duration PER_RECORD = Duration.ofMillis(2);
    private static final Duration EXPIRY_PATIENCE = Duration.ofMinutes(1);
    private static final int MOST_RECENT = 200;
    private static final long MOST_BYTES_IN_MEMORY = 64L << 20;

    private final Archive store;
    private final String source;
    private final RecentRecords recent;
    private final MergedReads reads;
    private final Spill spill;

    private SpillingArchive(Archive store, String source, RecentRecords recent, MergedReads reads, Spill spill) {
        this.store = store;
        this.source = source;
        this.recent = recent;
        this.reads = reads;
        this.spill = spill;
    }

    /**
     * Opens the file and takes up what an earlier life left in it.
     *
     * @param store is closed with this
     * @param mostBytes of the file
     * @param alone whether nobody else writes to the store meanwhile: then what memory knows is answered without it
     * @throws ArchiveUnavailable when the file can't be used
     */
    public static SpillingArchive open(
            Archive store,
            Path dataDirectory,
            MarketSource source,
            long mostBytes,
            boolean alone,
            MeterRegistry meters) {
        Path path = file(dataDirectory, source);
        try {
            RecentRecords recent = new RecentRecords(MOST_RECENT, MOST_BYTES_IN_MEMORY);
            Spill spill = new Spill(store, recent, SpillFile.open(path, mostBytes));
            spill.begin();
            Gauge.builder("tickcast_archive_spilled_bytes", spill, Spill::waitingBytes)
                    .description("records that wait in a file for the store")
                    .baseUnit("bytes")
                    .register(meters);
            return new SpillingArchive(store, source.key(), recent, new MergedReads(recent, store, alone), spill);
        } catch (IOException e) {
            throw new ArchiveUnavailable("the file " + path + " can't be used: " + e.getMessage(), e);
        }
    }

    private static Path file(Path dataDirectory, MarketSource source) {
        return dataDirectory.resolve(source.key()).resolve("spill.jsonl");
    }

    /**
     * A source's file, if something waits in it for the store.
     *
     * @throws ArchiveUnavailable when it can't be looked at
     */
    public static Optional<Path> leftBehind(Path dataDirectory, MarketSource source) {
        Path path = file(dataDirectory, source);
        try {
            return Files.exists(path) && Files.size(path) > 0 ? Optional.of(path) : Optional.empty();
        } catch (IOException e) {
            throw new ArchiveUnavailable("the file " + path + " can't be used: " + e.getMessage(), e);
        }
    }

    // ---- writing

    @Override
    public CompletionStage<Void> writeCandles(List<Candle> candles, long epoch) {
        return write(SpilledRecord.CANDLE, candles, epoch, () -> store.writeCandles(candles, epoch));
    }

    @Override
    public CompletionStage<Void> writeFeatures(List<FeatureVector> vectors) {
        return write(SpilledRecord.FEATURES, vectors, 0, () -> store.writeFeatures(vectors));
    }

    @Override
    public CompletionStage<Void> writeSentiment(List<Sentiment> sentiment) {
        return write(SpilledRecord.SENTIMENT, sentiment, 0, () -> store.writeSentiment(sentiment));
    }

    @Override
    public CompletionStage<Void> writeErrors(List<PredictionError> errors) {
        return write(SpilledRecord.ERROR, errors, 0, () -> store.writeErrors(errors));
    }

    private <T> CompletionStage<Void> write(
            SpilledRecord<T> kind, List<T> facts, long epoch, Supplier<CompletionStage<Void>> direct) {
        if (facts.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        List<T> copy = List.copyOf(facts);
        long number = spill.begun();
        return stored(
                copy.size(),
                number,
                () -> direct.get().thenRun(() -> remember(kind, copy, epoch, number)),
                () -> keep(kind, copy, epoch, number));
    }

    private <T> void remember(SpilledRecord<T> kind, List<T> facts, long epoch, long number) {
        Place place = new Place(0, number);
        facts.forEach(fact -> kind.memory().record(recent, fact, epoch, place));
    }

    /** Puts them into the file. Fails with {@link IllegalArgumentException} when they can't be written down. */
    private <T> CompletionStage<Void> keep(SpilledRecord<T> kind, List<T> facts, long epoch, long number) {
        List<byte[]> lines;
        try {
            lines = facts.stream()
                    .map(fact -> kind.codec().encode(new Stamped<>(fact, source, epoch)))
                    .toList();
        } catch (RuntimeException e) {
            spill.ended(number);
            return CompletableFuture.failedStage(e);
        }
        return spill.append(number, lines, () -> remember(kind, facts, epoch, number));
    }

    /** The store is asked first; while lines wait, and when it does not answer in a moment, the file takes it. */
    private <R> CompletionStage<R> stored(
            int records, long number, Supplier<CompletionStage<R>> direct, Supplier<CompletionStage<R>> aside) {
        if (spill.isSpilling()) {
            return aside.get();
        }
        CompletableFuture<R> answer = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        Runnable toFile = () -> {
            if (decided.compareAndSet(false, true)) {
                aside.get().whenComplete((value, failure) -> settle(answer, value, failure));
            }
        };
        ScheduledFuture<?> impatience;
        try {
            impatience = spill.after(MOMENT.plus(PER_RECORD.multipliedBy(records)), toFile);
        } catch (RejectedExecutionException e) {
            spill.ended(number);
            return CompletableFuture.failedStage(new ArchiveUnavailable("the archive is closed", e));
        }
        Answers.attempt(direct).whenComplete((value, failure) -> {
            impatience.cancel(false);
            if (Answers.cause(failure) instanceof ArchiveUnavailable) {
                toFile.run();
            } else if (decided.compareAndSet(false, true)) {
                spill.ended(number);
                settle(answer, value, failure);
            }
        });
        return answer;
    }

    private static <R> void settle(CompletableFuture<R> answer, R value, Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(Answers.cause(failure));
        }
    }

    /** The store says who has won; while it is away memory does, which knows all that is in the file. */
    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
        List<Prediction> made = List.copyOf(predictions);
        if (made.isEmpty()) {
            return CompletableFuture.completedStage(made);
        }
        long number = spill.begun();
        Supplier<CompletionStage<List<Prediction>>> direct =
                () -> store.writePredictions(made).thenApply(winners -> {
                    remember(SpilledRecord.PREDICTION, winners, 0, number);
                    return winners;
                });
        return stored(made.size(), number, direct, () -> keepPredictions(made, number));
    }

    /** Of two that are decided at once the one that comes into the file first wins. */
    private CompletionStage<List<Prediction>> keepPredictions(List<Prediction> made, long number) {
        List<CompletableFuture<Decision>> each = made.stream().map(this::decide).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenCompose(decided -> {
            List<Decision> decisions =
                    each.stream().map(CompletableFuture::join).toList();
            return keep(SpilledRecord.PREDICTION, Decision.firstOfEach(decisions), 0, number)
                    .thenApply(kept -> recent.winners(decisions));
        });
    }

    /** What memory can't tell and the store does not, counts as new: the store sorts it out later. */
    private CompletableFuture<Decision> decide(Prediction prediction) {
        return Answers.attempt(() -> reads.decide(prediction))
                .toCompletableFuture()
                .copy()
                .completeOnTimeout(new Decision(prediction, false), MOMENT.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(away -> new Decision(prediction, false));
    }

    // ---- reading

    @Override
    public CompletionStage<List<Candle>> candles(Symbol symbol, Page page) {
        return reads.candles(symbol, page);
    }

    @Override
    public CompletionStage<List<FeatureVector>> features(Symbol symbol, Page page) {
        return reads.features(symbol, page);
    }

    @Override
    public CompletionStage<List<Sentiment>> sentiment(String symbol, Page page) {
        return reads.sentiment(symbol, page);
    }

    @Override
    public CompletionStage<List<Prediction>> predictions(Symbol symbol, Page page) {
        return reads.predictions(symbol, page);
    }

    @Override
    public CompletionStage<List<Prediction>> unmatured(Symbol symbol, Instant fromTarget, Instant toTarget) {
        return reads.unmatured(symbol, fromTarget, toTarget);
    }

    @Override
    public CompletionStage<List<PredictionError>> errors(Symbol symbol, Page page) {
        return reads.errors(symbol, page);
    }

    @Override
    public CompletionStage<List<PredictionError>> allErrors(Symbol symbol, Page page) {
        return reads.allErrors(symbol, page);
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return store.note(name);
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return store.writeNote(name, value);
    }

    /** Waits until the store has what is written, so that it gets nothing after its age was looked at. */
    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return Answers.within(EXPIRY_PATIENCE, "the store has not taken what waits in the file", spill.reached())
                .thenCompose(reached -> store.expire(retention, now))
                .thenApply(gone -> {
                    recent.forget(retention, now);
                    return gone;
                });
    }

    @Override
    public CompletionStage<Void> probe() {
        return store.probe();
    }

    @Override
    public void close() {
        spill.close();
        store.close();
    }
}
