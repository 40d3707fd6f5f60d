package tickcast.streams.archive.log;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.pattern.Patterns;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;
import tickcast.streams.archive.Answers;
import tickcast.streams.archive.log.LogBatch.Row;
import tickcast.streams.kafka.RejectedRecords;

/** Writes batches into the store, for as long as it takes; sorts out what it refuses. Thread safe. */
final class StoreWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWriter.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final ActorSystem<?> system;
    private final String source;
    private final Archive store;
    private final RejectedRecords rejected;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private volatile String trouble = "";
    private volatile boolean givenUp;

    StoreWriter(
            ActorSystem<?> system,
            String source,
            Archive store,
            RejectedRecords rejected,
            MeterRegistry meters,
            InstantSource clock) {
        this.system = system;
        this.source = source;
        this.store = store;
        this.rejected = rejected;
        this.meters = meters;
        this.clock = clock;
    }

    String trouble() {
        return trouble;
    }

    /** Tries no more: what is under way fails. */
    void giveUp() {
        givenUp = true;
    }

    /** Completes when the store, or the topic for rejected records, has everything. Errors come after predictions. */
    CompletionStage<Done> write(LogBatch batch) {
        meters.counter("tickcast.archiver.foreign.records").increment(batch.foreign());
        CompletionStage<Done> done = done();
        for (LogBatch.Bad bad : batch.bad()) {
            done = done.thenCompose(before -> rejected.reject(bad.row(), bad.reason()));
        }
        return done.thenCompose(before -> candles(batch.rows(LogKind.CANDLES)))
                .thenCompose(before -> write(
                        LogKind.FEATURES, batch.rows(LogKind.FEATURES), facts -> done(store.writeFeatures(facts))))
                .thenCompose(before -> write(
                        LogKind.SENTIMENT, batch.rows(LogKind.SENTIMENT), facts -> done(store.writeSentiment(facts))))
                .thenCompose(before -> write(
                        LogKind.PREDICTIONS,
                        batch.rows(LogKind.PREDICTIONS),
                        facts -> done(store.writePredictions(facts))))
                .thenCompose(before ->
                        write(LogKind.ERRORS, batch.rows(LogKind.ERRORS), facts -> done(store.writeErrors(facts))));
    }

    private static CompletionStage<Done> done() {
        return CompletableFuture.completedStage(Done.getInstance());
    }

    private static CompletionStage<Done> done(CompletionStage<?> stage) {
        return stage.thenApply(result -> Done.getInstance());
    }

    /** The epochs' order does not matter to the store: the greatest counts whenever it comes. */
    private CompletionStage<Done> candles(List<Row<Candle>> rows) {
        Map<Long, List<Row<Candle>>> byEpoch = rows.stream()
                .collect(Collectors.groupingBy(row -> row.record().epoch(), TreeMap::new, Collectors.toList()));
        CompletionStage<Done> done = done();
        for (Map.Entry<Long, List<Row<Candle>>> one : byEpoch.entrySet()) {
            long epoch = one.getKey();
            done = done.thenCompose(before ->
                    write(LogKind.CANDLES, one.getValue(), candles -> done(store.writeCandles(candles, epoch))));
        }
        return done;
    }

    private <T> CompletionStage<Done> write(
            LogKind<T> kind, List<Row<T>> rows, Function<List<T>, CompletionStage<Done>> writing) {
        if (rows.isEmpty()) {
            return done();
        }
        List<T> facts = new ArrayList<>(rows.size());
        rows.forEach(row -> facts.add(row.record().fact()));
        return patiently(() -> writing.apply(facts), SHORTEST_PAUSE)
                .thenApply(written -> {
                    meters.counter(
                                    "tickcast.archiver.records",
                                    "kind",
                                    kind.topic().label())
                            .increment(rows.size());
                    return Done.getInstance();
                })
                .exceptionallyCompose(failure -> sortOut(kind, rows, writing, Answers.cause(failure)));
    }

    /** The store refuses something of these: halves them until it is found. */
    private <T> CompletionStage<Done> sortOut(
            LogKind<T> kind, List<Row<T>> rows, Function<List<T>, CompletionStage<Done>> writing, Throwable why) {
        if (!(why instanceof IllegalArgumentException)) {
            return CompletableFuture.failedStage(why);
        }
        if (rows.size() == 1) {
            return rejected.reject(rows.get(0).row(), why.getMessage());
        }
        int half = rows.size() / 2;
        return write(kind, rows.subList(0, half), writing)
                .thenCompose(before -> write(kind, rows.subList(half, rows.size()), writing));
    }

    /** Asks the store as patiently as it is written: the stage fails only after giving up. */
    <T> CompletionStage<T> ask(Supplier<CompletionStage<T>> question) {
        return patiently(question, SHORTEST_PAUSE);
    }

    /** Fails only with what the store refuses for its contents, or after giving up. */
    private <T> CompletionStage<T> patiently(Supplier<CompletionStage<T>> call, Duration pause) {
        return Answers.attempt(call)
                .thenApply(answer -> {
                    recovered();
                    return answer;
                })
                .exceptionallyCompose(failure -> {
                    Throwable cause = Answers.cause(failure);
                    if (cause instanceof IllegalArgumentException || givenUp) {
                        return CompletableFuture.failedStage(cause);
                    }
                    away(cause);
                    return Patterns.after(pause, system, () -> patiently(call, next(pause)));
                });
    }

    private static Duration next(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    private void away(Throwable why) {
        if (trouble.isEmpty()) {
            trouble = "The store of " + source + " has been away since " + Times.iso(clock.instant())
                    + "; the log keeps everything.";
            LOG.warn("{} {}", trouble, why instanceof ArchiveUnavailable ? why.getMessage() : why.toString());
        }
    }

    private void recovered() {
        if (!trouble.isEmpty()) {
            trouble = "";
            LOG.info("The store of {} can be written again.", source);
        }
    }
}
