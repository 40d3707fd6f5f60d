package tickcast.streams.exchange.simulated;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import tickcast.actors.topic.FeedState;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * One playing of the simulated market: catching up, holding for the model, catching up again, live. Asked for the next
 * events by one caller at a time; one timer serves all symbols.
 */
final class SimulatedRun {

    private static final int BATCH = 1000;

    private enum Phase {
        STARTING,
        TOWARDS_HOLD,
        TOWARDS_NOW,
        LIVE
    }

    private final SimulatedMarket.Walk walk;
    private final SimulatedSettings settings;
    private final InstantSource clock;
    private final CompletionStage<?> modelReady;
    private final Instant from;
    private final Instant holdAt;

    private Phase phase = Phase.STARTING;
    private Instant closeTime;
    private Instant walked;
    private List<Trade> trades = List.of();
    private int sent;

    SimulatedRun(
            SimulatedMarket market,
            SimulatedSettings settings,
            InstantSource clock,
            CompletionStage<?> modelReady,
            Instant from) {
        this.walk = market.walk(from);
        this.settings = settings;
        this.clock = clock;
        this.modelReady = modelReady;
        this.from = from;
        this.holdAt = clock.instant().minus(settings.hold());
        this.closeTime = from.plus(Candle.INTERVAL);
        this.walked = from;
    }

    /** What happens next; an empty list when nothing did. */
    CompletionStage<List<FeedEvent>> next() {
        return switch (phase) {
            case STARTING -> now(start());
            case TOWARDS_HOLD -> closeTime.isAfter(holdAt) ? hold() : now(playMinute());
            case TOWARDS_NOW -> isOver(clock.instant()) ? now(playMinute()) : now(goLive());
            case LIVE -> live();
        };
    }

    private static CompletionStage<List<FeedEvent>> now(List<FeedEvent> events) {
        return CompletableFuture.completedStage(events);
    }

    private boolean isOver(Instant now) {
        return !now.isBefore(closeTime.plus(settings.grace()));
    }

    private List<FeedEvent> start() {
        phase = closeTime.isAfter(holdAt) ? Phase.TOWARDS_NOW : Phase.TOWARDS_HOLD;
        return catchingUp("running through the time since " + Times.iso(from) + " at full speed");
    }

    /** Waits for the model, so that the hours left are predicted by it. */
    private CompletionStage<List<FeedEvent>> hold() {
        phase = Phase.TOWARDS_NOW;
        CompletableFuture<Void> ready = new CompletableFuture<>();
        modelReady.whenComplete((model, failure) -> ready.complete(null));
        if (ready.isDone()) {
            return now(List.of());
        }
        return ready.completeOnTimeout(null, settings.patience().toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(waited -> catchingUp("running through the hours that are left"));
    }

    private static List<FeedEvent> catchingUp(String doing) {
        return List.of(new StateChanged(FeedState.CATCHING_UP, "Simulated market, not a real one: " + doing + "."));
    }

    private List<FeedEvent> goLive() {
        phase = Phase.LIVE;
        return List.of(new StateChanged(
                FeedState.LIVE,
                "Simulated market, not a real one (seed " + settings.seed() + "): going on at the pace of the clock."));
    }

    private List<FeedEvent> playMinute() {
        List<FeedEvent> events = new ArrayList<>();
        addTrades(events, closeTime);
        events.add(passMinute(Pace.EVENT));
        return events;
    }

    private CompletionStage<List<FeedEvent>> live() {
        List<FeedEvent> events = due(clock.instant());
        if (!events.isEmpty()) {
            return now(events);
        }
        return new CompletableFuture<List<FeedEvent>>()
                .completeOnTimeout(List.of(), settings.tick().toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<FeedEvent> due(Instant now) {
        List<FeedEvent> events = new ArrayList<>();
        Instant end = closeTime.plus(settings.grace());
        addTrades(events, now.isBefore(end) ? now : end);
        if (isOver(now)) {
            events.add(passMinute(Pace.CLOCK));
        }
        return events;
    }

    private FeedEvent passMinute(Pace pace) {
        Instant passed = closeTime;
        closeTime = closeTime.plus(Candle.INTERVAL);
        return new MinutePassed(passed, pace, Set.of(), Set.of(), true, List.of());
    }

    /** Adds the trades before {@code until} that were not sent yet. */
    private void addTrades(List<FeedEvent> events, Instant until) {
        long untilMicros = Times.micros(until);
        List<Trade> due = new ArrayList<>();
        while (true) {
            while (sent < trades.size() && trades.get(sent).timeMicros() < untilMicros) {
                due.add(trades.get(sent++));
            }
            if (sent < trades.size() || !walked.isBefore(until)) {
                break;
            }
            trades = walk.nextMinute();
            sent = 0;
            walked = walked.plus(Candle.INTERVAL);
        }
        for (int i = 0; i < due.size(); i += BATCH) {
            events.add(new TradesArrived(List.copyOf(due.subList(i, Math.min(i + BATCH, due.size())))));
        }
    }
}
