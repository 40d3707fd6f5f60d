package tickcast.streams.archive.spill;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.archive.Retention;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;
import tickcast.streams.archive.recent.Decision;
import tickcast.streams.archive.recent.MergedReads;
import tickcast.streams.archive.recent.Place;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.record.Stamped;

/**
 * A store that may be away, with a file that takes what it can't: {@code <data directory>/<source key>/spill.jsonl}. A write
 * is complete when the store has it or the file does; one that the store does not take in a moment goes to the file, and
 * while lines wait there so does everything else, so that the store gets all of it in order. Reads see both.
 *
 * <p>Bounded: a full file refuses further writes with {@link ArchiveUnavailable}. Notes are the store's alone. {@link #probe}
 * tells whether the store itself is there.
 */
public final class SpillingArchive implements Archive {

    /** How long a write may keep its caller waiting before it goes to the file; a large one longer. */
    private static final Duration MOMENT = Duration.ofMillis(150);

    private static final Duration PER_RECORD = Duration.ofMillis(2);
    private static final int MOST_RECENT = 200;
    private static final long MOST_BYTES_IN_MEMORY = 64L << 20;

    /** As stores have it. */
    private static final Comparator<PredictionError> PUBLISHED_FIRST = Comparator.comparing(
                    (PredictionError error) -> error.prediction().targetTime())
            .thenComparing(error -> !error.prediction().published())
            .thenComparing(error -> error.prediction().modelVersion());

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
        Path path = dataDirectory.resolve(source.key()).resolve("spill.jsonl");
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
        long number = spill.begun();
        Place place = new Place(0, number);
        facts.forEach(fact -> kind.memory().record(recent, fact, epoch, place));
        return stored(facts.size(), number, direct, () -> spill.append(number, () -> lines(kind, facts, epoch)));
    }

    private <T> List<byte[]> lines(SpilledRecord<T> kind, List<T> facts, long epoch) {
        return facts.stream()
                .map(fact -> kind.codec().encode(new Stamped<>(fact, source, epoch)))
                .toList();
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
        ScheduledFuture<?> impatience = after(MOMENT.plus(PER_RECORD.multipliedBy(records)), toFile);
        direct.get().whenComplete((value, failure) -> {
            impatience.cancel(false);
            if (failure != null && cause(failure) instanceof ArchiveUnavailable) {
                toFile.run();
            } else if (decided.compareAndSet(false, true)) {
                spill.ended(number);
                settle(answer, value, failure);
            }
        });
        return answer;
    }

    private ScheduledFuture<?> after(Duration time, Runnable work) {
        try {
            return spill.after(time, work);
        } catch (RejectedExecutionException e) {
            throw new ArchiveUnavailable("the archive is closed", e);
        }
    }

    private static <R> void settle(CompletableFuture<R> answer, R value, Throwable failure) {
        if (failure == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(cause(failure));
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The store says who has won; while it is away memory does, which knows all that went into the file. */
    @Override
    public CompletionStage<List<Prediction>> writePredictions(List<Prediction> predictions) {
        List<Prediction> made = List.copyOf(predictions);
        if (made.isEmpty()) {
            return CompletableFuture.completedStage(made);
        }
        long number = spill.begun();
        Place place = new Place(0, number);
        Supplier<CompletionStage<List<Prediction>>> direct =
                () -> store.writePredictions(made).thenApply(winners -> {
                    winners.forEach(winner -> recent.add(winner, place));
                    return winners;
                });
        return stored(made.size(), number, direct, () -> spillPredictions(made, number, place));
    }

    private CompletionStage<List<Prediction>> spillPredictions(List<Prediction> made, long number, Place place) {
        List<Prediction> winners = new ArrayList<>();
        List<Prediction> fresh = new ArrayList<>();
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Prediction prediction : made) {
            all = all.thenCompose(before -> decide(prediction)).thenAccept(decision -> {
                winners.add(decision.prediction());
                if (!decision.stored()) {
                    fresh.add(decision.prediction());
                    recent.add(decision.prediction(), place);
                }
            });
        }
        return all.thenCompose(decided -> spill.append(number, () -> lines(SpilledRecord.PREDICTION, fresh, 0)))
                .thenApply(kept -> List.copyOf(winners));
    }

    /** What memory can't tell and the store does not, counts as new: the store sorts it out later. */
    private CompletionStage<Decision> decide(Prediction prediction) {
        return reads.decide(prediction)
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
    public CompletionStage<List<Prediction>> maturing(Symbol symbol, Instant targetTime) {
        return unmatured(symbol, targetTime, targetTime.plusMillis(1));
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
        return reads.allErrors(symbol, page)
                .thenApply(errors -> errors.stream().sorted(PUBLISHED_FIRST).toList());
    }

    @Override
    public CompletionStage<ErrorTotals> errorTotals(List<Symbol> symbols, Instant from, Instant to) {
        return reads.errorTotals(symbols, from, to);
    }

    @Override
    public CompletionStage<Optional<String>> note(String name) {
        return store.note(name);
    }

    @Override
    public CompletionStage<Void> writeNote(String name, String value) {
        return store.writeNote(name, value);
    }

    @Override
    public CompletionStage<Long> expire(Retention retention, Instant now) {
        return store.expire(retention, now).thenApply(gone -> {
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
