package tickcast.actors.market;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import tickcast.actors.topic.Published;
import tickcast.actors.topic.Topics;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;

/** What a {@link Market} does. Two phases: open, and busy with closing or correcting minutes, when other requests wait. */
final class TradingFloor {

    private final ActorContext<Market.Command> context;
    private final StashBuffer<Market.Command> stash;
    private final Symbol symbol;
    private final Market.Settings settings;
    private final Market.Partners partners;
    private final Records records;
    private final Aftermath aftermath;
    private final Tape tape;
    /** Tells this life of the market from every other. */
    private final long life = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);

    private final Behavior<Market.Command> open;
    private final Behavior<Market.Command> busy;

    private Optional<Memory> memory = Optional.empty();
    /** What an earlier life left behind. */
    private StoredMinutes stored = StoredMinutes.UNKNOWN;
    /** The minute at {@link Memory#position} whose prediction or errors are not stored yet. */
    private Optional<Instant> unfinished = Optional.empty();
    /** Candles that the archive did not take yet. */
    private final List<Candle> unstored = new ArrayList<>();
    /** News that came in while the memory was being rebuilt. */
    private final List<Sentiment> newsMeanwhile = new ArrayList<>();

    private Pace pace = Pace.CLOCK;

    TradingFloor(
            ActorContext<Market.Command> context,
            StashBuffer<Market.Command> stash,
            Symbol symbol,
            Market.Settings settings,
            Market.Partners partners) {
        this.context = context;
        this.stash = stash;
        this.symbol = symbol;
        this.settings = settings;
        this.partners = partners;
        long epoch = partners.clock().wall().millis();
        this.records = new Records(context.getSystem(), symbol, settings, partners.archive(), epoch);
        this.aftermath = new Aftermath(context.getSystem(), settings, partners);
        this.tape = new Tape(symbol);
        this.open = openPhase();
        this.busy = busyPhase();
    }

    Behavior<Market.Command> open() {
        return open;
    }

    private Behavior<Market.Command> openPhase() {
        return always().onMessage(Market.HearSentiment.class, this::hear)
                .onMessage(Market.RecordTrades.class, request -> {
                    record(request);
                    return tape.lateMinutes().isEmpty() ? Behaviors.same() : correctLateMinutes();
                })
                .onMessage(Market.CloseMinute.class, this::closeIfMeant)
                .onMessage(Market.CloseWithCandle.class, request -> close(Closing.of(request, life)))
                .onMessage(Market.ReviseCandles.class, this::revise)
                .build();
    }

    private Behavior<Market.Command> busyPhase() {
        return always().onMessage(Market.HearSentiment.class, this::hearMeanwhile)
                .onMessage(Market.RecordTrades.class, request -> {
                    record(request);
                    return Behaviors.same();
                })
                .onMessage(Market.CloseMinute.class, request -> wait(request, Closing.of(request, life)))
                .onMessage(Market.CloseWithCandle.class, request -> wait(request, Closing.of(request, life)))
                .onMessage(Market.ReviseCandles.class, this::wait)
                .onMessage(MarketEvent.Sought.class, this::onSought)
                .onMessage(MarketEvent.CandlesStored.class, this::onCandlesStored)
                .onMessage(MarketEvent.Followed.class, this::onFollowed)
                .onMessage(MarketEvent.CloseFailed.class, this::onCloseFailed)
                .onMessage(MarketEvent.CorrectionsStored.class, this::onCorrectionsStored)
                .onMessage(MarketEvent.Recomputed.class, this::onRecomputed)
                .onMessage(MarketEvent.CorrectionFailed.class, this::onCorrectionFailed)
                .onMessage(MarketEvent.RecomputingFailed.class, this::onRecomputingFailed)
                .build();
    }

    private BehaviorBuilder<Market.Command> always() {
        return Behaviors.receive(Market.Command.class).onMessage(Market.Stop.class, stop -> Behaviors.stopped());
    }

    // --- trades and news

    private void record(Market.RecordTrades request) {
        request.replyTo().tell(tape.record(request.trades(), life));
    }

    private Behavior<Market.Command> hear(Market.HearSentiment news) {
        memory.ifPresent(present -> present.hear(news.sentiment()));
        return Behaviors.same();
    }

    private Behavior<Market.Command> hearMeanwhile(Market.HearSentiment news) {
        newsMeanwhile.addAll(news.sentiment());
        return hear(news);
    }

    // --- closing a minute

    /** Another life's minute is not closed: some of its trades never came here. */
    private Behavior<Market.Command> closeIfMeant(Market.CloseMinute request) {
        Closing closing = Closing.of(request, life);
        if (request.life() == Market.ANY_LIFE || request.life() == life) {
            return close(closing);
        }
        closing.answer(false);
        return Behaviors.same();
    }

    private Behavior<Market.Command> close(Closing closing) {
        pace = closing.pace();
        if (memory.isEmpty()) {
            return seek(closing);
        }
        Instant position = memory.get().position();
        boolean isNext = closing.closeTime().equals(position.plus(Candle.INTERVAL));
        if (isNext && stored.knows(closing.closeTime())) {
            return closeNext(closing);
        }
        if (closing.closeTime().isAfter(position)) {
            return seek(closing);
        }
        return closeAgain(closing, position);
    }

    /** Repeated requests change nothing, but finish what was not done the first time. */
    private Behavior<Market.Command> closeAgain(Closing closing, Instant position) {
        if (closing.closeTime().equals(position) && unfinished.isPresent()) {
            return store(closing);
        }
        closing.answer(true);
        return Behaviors.same();
    }

    private Behavior<Market.Command> seek(Closing closing) {
        newsMeanwhile.clear();
        Instant previous = closing.closeTime().minus(Candle.INTERVAL);
        context.pipeToSelf(
                records.write(unstored)
                        .thenCompose(written -> records.history(closing.closeTime()))
                        .thenApplyAsync(
                                history -> new MarketEvent.Sought(
                                        closing, Memory.rebuild(symbol, settings, history, previous), history.stored()),
                                context.getExecutionContext()),
                (sought, failure) -> failure == null ? sought : new MarketEvent.CloseFailed(closing, failure));
        return busy;
    }

    private Behavior<Market.Command> onSought(MarketEvent.Sought sought) {
        unstored.forEach(this::publish);
        unstored.clear();
        unfinished = Optional.empty();
        memory = Optional.of(sought.rebuilt());
        sought.rebuilt().hear(newsMeanwhile);
        newsMeanwhile.clear();
        stored = sought.stored();
        return closeNext(sought.closing());
    }

    private Behavior<Market.Command> closeNext(Closing closing) {
        Optional<Candle> known = stored.of(closing.closeTime());
        Memory present = memory.orElseThrow();
        Instant now = partners.clock().at(closing.pace(), closing.closeTime());
        Optional<Candle> made = tape.close(closing, present.lastPrice(), now);
        Optional<Candle> candle =
                made.map(fresh -> Revisions.settleAgain(fresh, known)).or(() -> known);
        if (candle.isEmpty()) {
            present.skip(closing.closeTime());
            aftermath.pass(symbol, closing);
            closing.answer(true);
            return resume();
        }
        present.take(candle.get());
        unstored.add(candle.get());
        unfinished = Optional.of(closing.closeTime());
        return store(closing);
    }

    private Behavior<Market.Command> store(Closing closing) {
        List<Candle> candles = List.copyOf(unstored);
        context.pipeToSelf(
                records.write(candles),
                (written, failure) -> failure == null
                        ? new MarketEvent.CandlesStored(closing, candles)
                        : new MarketEvent.CloseFailed(closing, failure));
        return busy;
    }

    private Behavior<Market.Command> onCandlesStored(MarketEvent.CandlesStored done) {
        unstored.clear();
        done.candles().forEach(this::publish);
        Closing closing = done.closing();
        context.pipeToSelf(
                aftermath.follow(closing, memory.orElseThrow(), stored.predictionOf(closing.closeTime())),
                (outcome, failure) -> failure == null
                        ? new MarketEvent.Followed(closing, outcome.prediction(), outcome.done())
                        : new MarketEvent.CloseFailed(closing, failure));
        return busy;
    }

    private Behavior<Market.Command> onFollowed(MarketEvent.Followed followed) {
        followed.prediction().ifPresent(memory.orElseThrow()::remember);
        if (followed.done()) {
            unfinished = Optional.empty();
        }
        followed.closing().answer(followed.done());
        return resume();
    }

    private Behavior<Market.Command> onCloseFailed(MarketEvent.CloseFailed failed) {
        warn("close the minute to " + failed.closing().closeTime(), failed.failure());
        failed.closing().answer(false);
        return resume();
    }

    // --- correcting closed minutes

    private Behavior<Market.Command> revise(Market.ReviseCandles request) {
        List<Candle> sound = request.candles().stream()
                .filter(candle -> Revisions.isSound(candle, symbol))
                .toList();
        if (sound.size() < request.candles().size()) {
            context.getLog().warn("Market {} left out candles that make no sense", symbol);
        }
        return correct(
                () -> records.correct(sound, Revisions::between),
                changed -> new MarketEvent.CorrectionsStored(changed, sound, Optional.of(request.replyTo())),
                List.of());
    }

    private Behavior<Market.Command> correctLateMinutes() {
        Instant now = partners.clock()
                .at(
                        pace,
                        memory.map(Memory::position).orElseGet(partners.clock().wall()::instant));
        List<Instant> minutes = tape.takeLateMinutes();
        List<Candle> proposals = minutes.stream()
                .flatMap(open -> tape.revise(open, now).stream())
                .toList();
        return correct(
                () -> records.correct(proposals, Revisions::late),
                changed -> new MarketEvent.CorrectionsStored(changed, List.of(), Optional.empty()),
                minutes);
    }

    private Behavior<Market.Command> correct(
            Supplier<CompletionStage<List<Candle>>> correcting,
            Function<List<Candle>, MarketEvent> stored,
            List<Instant> lateMinutes) {
        context.pipeToSelf(
                records.write(unstored).thenCompose(written -> correcting.get()),
                (changed, failure) -> failure == null
                        ? stored.apply(changed)
                        : new MarketEvent.CorrectionFailed(lateMinutes, failure));
        return busy;
    }

    private Behavior<Market.Command> onCorrectionsStored(MarketEvent.CorrectionsStored done) {
        done.changed().forEach(this::publish);
        tape.yieldTo(done.given());
        done.asker()
                .ifPresent(asker -> asker.tell(new Market.Revised(done.changed().size())));
        return done.changed().isEmpty() ? resume() : recompute(done.changed());
    }

    /** Later state is a function of the newest revisions since the recursions' start. */
    private Behavior<Market.Command> recompute(List<Candle> changed) {
        if (memory.isEmpty()) {
            return resume();
        }
        Memory present = memory.get();
        Instant position = present.position();
        boolean beyond = changed.stream().anyMatch(candle -> candle.closeTime().isAfter(position));
        if (beyond || present.last().isEmpty()) {
            memory = Optional.empty();
            return resume();
        }
        Instant start = Times.recursionStart(position);
        if (changed.stream().noneMatch(candle -> candle.closeTime().isAfter(start))) {
            return resume();
        }
        newsMeanwhile.clear();
        context.pipeToSelf(
                records.history(position)
                        .thenApplyAsync(history -> present.rebuilt(symbol, history), context.getExecutionContext()),
                (rebuilt, failure) -> failure == null
                        ? new MarketEvent.Recomputed(rebuilt)
                        : new MarketEvent.RecomputingFailed(failure));
        return busy;
    }

    private Behavior<Market.Command> onRecomputed(MarketEvent.Recomputed recomputed) {
        memory = Optional.of(recomputed.rebuilt());
        recomputed.rebuilt().hear(newsMeanwhile);
        newsMeanwhile.clear();
        return resume();
    }

    private Behavior<Market.Command> onRecomputingFailed(MarketEvent.RecomputingFailed failed) {
        warn("recompute its state", failed.failure());
        memory = Optional.empty();
        return resume();
    }

    private Behavior<Market.Command> onCorrectionFailed(MarketEvent.CorrectionFailed failed) {
        warn("correct candles", failed.failure());
        tape.keepForLater(failed.lateMinutes());
        return stash.unstashAll(open);
    }

    // --- phases

    private Behavior<Market.Command> resume() {
        newsMeanwhile.clear();
        return tape.lateMinutes().isEmpty() ? stash.unstashAll(open) : correctLateMinutes();
    }

    private Behavior<Market.Command> wait(Market.Command request, Closing closing) {
        if (stash.isFull()) {
            closing.answer(false);
            return Behaviors.same();
        }
        return wait(request);
    }

    private Behavior<Market.Command> wait(Market.Command request) {
        if (stash.isFull()) {
            context.getLog().warn("Market {} is behind and refuses a request; it will be asked again", symbol);
        } else {
            stash.stash(request);
        }
        return Behaviors.same();
    }

    private void publish(Candle candle) {
        Topics.publish(partners.topic(), new Published.CandleClosed(candle));
    }

    private void warn(String work, Throwable failure) {
        context.getLog().warn("Market {} could not {}: {}", symbol, work, failure.toString());
    }
}
