package tickcast.streams.exchange.kraken;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.topic.HistoryProgress;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent;

/**
 * Reads whole UTC days of trades from before the recursions' start back, so that there is enough to learn from: the newest
 * day first, all symbols in turn, one page at a time and always the last to be served by {@link RequestPacer}. No market
 * remembers so far back, so the candles go straight into the archive, flagged as history.
 *
 * <p>Days that are complete are noted; of the others only the minutes are asked for that the archive lacks. So a restart goes
 * on where the last run stopped. A day that fails is asked for again after a growing pause, while the others go on; when
 * several fail in a row, or the exchange complains of the rate, everything here pauses.
 */
final class Backfill {

    private static final Logger LOG = LoggerFactory.getLogger(Backfill.class);
    private static final int FAILURES_IN_A_ROW = 3;

    /**
     * All in real time.
     *
     * @param pauseMin pause after a day's first failure, doubles with each
     * @param pauseMax where doubling ends
     * @param tellEvery how often progress is told between the ends of days
     */
    record Patience(Duration pauseMin, Duration pauseMax, Duration tellEvery) {

        static Patience usual() {
            return new Patience(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ofSeconds(10));
        }

        Duration pause(int failures) {
            Duration doubled = pauseMin.multipliedBy(1L << Math.min(failures, 20));
            return doubled.compareTo(pauseMax) < 0 ? doubled : pauseMax;
        }
    }

    private final ActorSystem system;
    private final KrakenRest rest;
    private final Archive archive;
    private final BackfillNotes notes;
    private final Patience patience;
    private final HistoryDays days;
    private final Instant end;
    private final InstantSource clock;
    private Optional<DayReading> reading = Optional.empty();
    private int failuresInARow;
    private long toldNanos;
    private boolean toldTheEnd;

    private Backfill(
            ActorSystem system,
            KrakenRest rest,
            Archive archive,
            BackfillNotes notes,
            Patience patience,
            HistoryDays days,
            Instant end,
            InstantSource clock) {
        this.system = system;
        this.rest = rest;
        this.archive = archive;
        this.notes = notes;
        this.patience = patience;
        this.days = days;
        this.end = end;
        this.clock = clock;
        this.toldNanos = System.nanoTime() - patience.tellEvery().toNanos();
    }

    /**
     * Reads in the background as long as it is pulled; completes when everything is there.
     *
     * @param symbols of which everything from {@code end} on is there
     * @param end midnight, the recursions' start
     * @param until where the feed begins
     * @param depth how far before {@code until} it shall go
     * @param clock of this node: what is read now counts more than what a market once left torn
     */
    static Source<FeedEvent, NotUsed> read(
            ActorSystem system,
            KrakenRest rest,
            Archive archive,
            List<Symbol> symbols,
            Instant end,
            Instant until,
            Duration depth,
            Patience patience,
            InstantSource clock) {
        Duration newer = Duration.between(end, until);
        int wanted = (int) Math.ceil((double) depth.minus(newer).toMillis() / HistoryDays.DAY.toMillis());
        if (symbols.isEmpty() || wanted <= 0) {
            return Source.empty();
        }
        BackfillNotes notes = new BackfillNotes(archive, end.minus(HistoryDays.DAY.multipliedBy(wanted)));
        return Source.lazyCompletionStageSource(() -> notes.read(symbols).thenApply(known -> {
                    HistoryDays days = new HistoryDays(symbols, end, wanted, newer, known, System.nanoTime());
                    return new Backfill(system, rest, archive, notes, patience, days, end, clock).events();
                }))
                .mapMaterializedValue(later -> NotUsed.getInstance());
    }

    private Source<FeedEvent, NotUsed> events() {
        return Source.unfoldAsync(this, Backfill::step).mapConcat(events -> events);
    }

    /** One question at most; never fails. Steps follow each other, so that this object needs no lock. */
    private CompletionStage<Optional<Pair<Backfill, List<FeedEvent>>>> step() {
        if (days.isEmpty() && toldTheEnd) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        CompletionStage<List<FeedEvent>> outcome;
        if (days.isEmpty()) {
            outcome = CompletableFuture.completedStage(tell());
        } else if (reading.isPresent()) {
            outcome = guarded(reading.get().day(), readOn(reading.get()));
        } else {
            outcome = days.next(System.nanoTime())
                    .map(day -> guarded(day, open(day)))
                    .orElseGet(this::waitForTheNext);
        }
        return outcome.thenApply(events -> Optional.of(Pair.create(this, events)));
    }

    private CompletionStage<List<FeedEvent>> waitForTheNext() {
        Duration wait = Duration.ofNanos(days.dueNanos(System.nanoTime()).orElse(0));
        return Patterns.after(wait, system, () -> CompletableFuture.completedStage(List.<FeedEvent>of()));
    }

    private CompletionStage<List<FeedEvent>> open(HistoryDays.Day day) {
        return archive.candles(day.symbol(), Page.all(day.start().minus(Candle.INTERVAL), day.end()))
                .thenCompose(stored -> {
                    DayReading opened = new DayReading(day, stored);
                    if (opened.isComplete()) {
                        return finish(day, false);
                    }
                    reading = Optional.of(opened);
                    return CompletableFuture.completedStage(tellIfDue());
                });
    }

    private CompletionStage<List<FeedEvent>> readOn(DayReading current) {
        HistoryDays.Day day = current.day();
        return rest.trades(day.symbol(), current.sinceNanos(), RequestPacer.Urgency.BACKGROUND)
                .thenCompose(page -> archive.writeCandles(current.take(page), clock.millis()))
                .thenCompose(written -> {
                    failuresInARow = 0;
                    return current.isComplete() ? finish(day, true) : CompletableFuture.completedStage(tellIfDue());
                });
    }

    private CompletionStage<List<FeedEvent>> finish(HistoryDays.Day day, boolean wasRead) {
        return fillBehind(day).thenCompose(events -> {
            Set<Instant> done = new java.util.HashSet<>(days.done(day.symbol()));
            done.add(day.start());
            return notes.write(day.symbol(), done).thenApply(written -> {
                reading = Optional.empty();
                days.finished(day, wasRead);
                List<FeedEvent> all = new ArrayList<>(events);
                if (wasRead) {
                    logDay(day.symbol());
                    all.addAll(tell());
                }
                return all;
            });
        });
    }

    /**
     * Nobody traded between a midnight and the first trade after it: known only now that the day before is there. The markets
     * hear of it where they remember it.
     */
    private CompletionStage<List<FeedEvent>> fillBehind(HistoryDays.Day day) {
        HistoryDays.Day next = new HistoryDays.Day(day.symbol(), day.end());
        boolean isRemembered = day.end().equals(end);
        if (!isRemembered && !days.isDone(next)) {
            return CompletableFuture.completedStage(List.of());
        }
        return archive.candles(day.symbol(), Page.all(day.end().minus(Candle.INTERVAL), next.end()))
                .thenCompose(around -> {
                    List<Candle> flat = QuietMinutes.between(around, day.end());
                    if (flat.isEmpty()) {
                        return CompletableFuture.completedStage(List.<FeedEvent>of());
                    }
                    return isRemembered
                            ? CompletableFuture.completedStage(
                                    List.<FeedEvent>of(new FeedEvent.CandlesRevised(day.symbol(), flat)))
                            : archive.writeCandles(flat).thenApply(written -> List.<FeedEvent>of());
                });
    }

    private CompletionStage<List<FeedEvent>> guarded(HistoryDays.Day day, CompletionStage<List<FeedEvent>> work) {
        return work.handle((events, failure) -> failure == null
                        ? CompletableFuture.completedStage(events)
                        : failed(day, KrakenRest.asRestException(failure)))
                .thenCompose(Function.identity());
    }

    private CompletionStage<List<FeedEvent>> failed(HistoryDays.Day day, KrakenRestException failure) {
        reading = Optional.empty();
        Duration pause = patience.pause(days.failures(day));
        days.failed(day, pause, System.nanoTime());
        failuresInARow++;
        LOG.warn(
                "History of {} on {} can't be read now, again in {}: {}",
                day.symbol(),
                day.start(),
                pause,
                failure.getMessage());
        boolean everythingRests =
                failure.kind() == KrakenRestException.Kind.RATE_LIMITED || failuresInARow >= FAILURES_IN_A_ROW;
        return everythingRests
                ? Patterns.after(
                        patience.pause(Math.max(0, failuresInARow - FAILURES_IN_A_ROW)),
                        system,
                        () -> CompletableFuture.completedStage(List.<FeedEvent>of()))
                : CompletableFuture.completedStage(List.of());
    }

    private List<FeedEvent> tellIfDue() {
        boolean isDue = System.nanoTime() - toldNanos >= patience.tellEvery().toNanos();
        return isDue ? tell() : List.of();
    }

    private List<FeedEvent> tell() {
        toldNanos = System.nanoTime();
        HistoryProgress progress =
                days.progress(reading.map(DayReading::part).orElse(0.0), reading.map(DayReading::day), toldNanos);
        if (progress.isComplete() && !toldTheEnd) {
            toldTheEnd = true;
            LOG.info(progress.detail());
        }
        return List.of(new FeedEvent.HistoryAdvanced(progress));
    }

    private void logDay(Symbol symbol) {
        HistoryProgress.OfSymbol read = new HistoryProgress.OfSymbol(symbol, days.days(symbol), days.wantedDays());
        LOG.info(
                "History: {}{}",
                HistoryWords.of(read),
                days.remaining(0, System.nanoTime())
                        .map(left -> "; all symbols in about " + HistoryWords.of(left))
                        .orElse(""));
    }
}
