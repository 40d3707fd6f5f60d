package tickcast.streams.exchange.replay;

import akka.Done;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import tickcast.actors.topic.FeedState;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/** One playing of a recording: reads a minute, plays it at its speed, reads the next. Asked by one caller at a time. */
final class ReplayRun {

    private static final int BATCH = 1000;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Comparator<Trade> BY_TIME = Comparator.comparingLong(Trade::timeMicros);

    private final HistoryFiles files;
    private final double speed;
    private final InstantSource clock;
    private final Instant from;
    private final Instant startedAt;
    private final List<Tape<Trade>> trades = new ArrayList<>();
    private final List<Tape<Candle>> candles = new ArrayList<>();
    private final Deque<Due> queue = new ArrayDeque<>();
    private Instant closeTime;
    private boolean ended;

    /** An event and when it happened. */
    private record Due(Instant at, FeedEvent event) {}

    private ReplayRun(HistoryFiles files, double speed, InstantSource clock, Instant from) {
        this.files = files;
        this.speed = speed;
        this.clock = clock;
        this.from = from;
        this.startedAt = clock.instant();
        this.closeTime = from.plus(Candle.INTERVAL);
    }

    static CompletionStage<ReplayRun> start(
            HistoryFiles files, List<Symbol> symbols, double speed, InstantSource clock, Instant from) {
        ReplayRun run = new ReplayRun(files, speed, clock, from);
        try {
            run.open(symbols);
        } catch (HistoryException e) {
            run.stop(e);
        }
        return CompletableFuture.completedStage(run);
    }

    private void open(List<Symbol> symbols) {
        queue.add(new Due(from, new StateChanged(FeedState.CATCHING_UP, opening())));
        for (Symbol symbol : symbols) {
            if (files.hasTrades(symbol)) {
                trades.add(Tape.ofTrades(files, symbol));
            } else {
                candles.add(Tape.ofCandles(files, symbol));
            }
        }
        trades.forEach(tape -> tape.skipTo(from));
        candles.forEach(tape -> tape.skipTo(from));
    }

    private String opening() {
        String pace = speed == 0 ? "as fast as it can" : "at " + speed + " times the recorded speed";
        return "Replay of " + files.directory().getFileName() + " from " + Times.iso(from) + ", " + pace + ".";
    }

    /** What happens next, an empty list when nothing did; empty after the end. */
    CompletionStage<Optional<List<FeedEvent>>> next() {
        if (queue.isEmpty() && !ended) {
            readMinute();
        }
        if (queue.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        Duration wait = waitFor(queue.peek().at());
        if (wait.isZero()) {
            return CompletableFuture.completedStage(Optional.of(takeDue()));
        }
        return new CompletableFuture<Optional<List<FeedEvent>>>()
                .completeOnTimeout(Optional.of(List.of()), wait.toMillis() + 1, TimeUnit.MILLISECONDS);
    }

    private Duration waitFor(Instant eventTime) {
        if (speed == 0) {
            return Duration.ZERO;
        }
        double wallMillis = Duration.between(from, eventTime).toMillis() / speed;
        Duration wait = Duration.between(clock.instant(), startedAt.plusMillis((long) wallMillis));
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private List<FeedEvent> takeDue() {
        List<FeedEvent> due = new ArrayList<>();
        while (!queue.isEmpty() && (due.isEmpty() || waitFor(queue.peek().at()).isZero())) {
            due.add(queue.poll().event());
        }
        return due;
    }

    private void readMinute() {
        if (trades.stream().allMatch(Tape::isOver) && candles.stream().allMatch(Tape::isOver)) {
            ended = true;
            queue.add(new Due(closeTime.minus(Candle.INTERVAL), new StateChanged(FeedState.ENDED, closing())));
            return;
        }
        try {
            Set<Symbol> unsure = symbolsWithoutCandles();
            List<Trade> traded = new ArrayList<>();
            List<Candle> made = new ArrayList<>();
            trades.forEach(tape -> tape.takeUntil(closeTime, traded));
            candles.forEach(tape -> tape.takeUntil(closeTime, made));
            made.forEach(candle -> unsure.remove(candle.symbol()));
            queueTrades(traded);
            queue.add(new Due(closeTime, new MinutePassed(closeTime, Pace.EVENT, unsure, Set.of(), true, made)));
            closeTime = closeTime.plus(Candle.INTERVAL);
        } catch (HistoryException e) {
            stop(e);
        }
    }

    /** A file of candles knows nothing of the time before its first and after its last row. */
    private Set<Symbol> symbolsWithoutCandles() {
        Set<Symbol> symbols = new HashSet<>();
        candles.forEach(tape -> symbols.add(tape.symbol()));
        return symbols;
    }

    /** Cuts the minute into what arrives together at this speed. */
    private void queueTrades(List<Trade> traded) {
        traded.sort(BY_TIME);
        long tickMicros = speed == 0 ? Long.MAX_VALUE : Math.max(1, (long) (TICK.toMillis() * 1000 * speed));
        int start = 0;
        for (int i = 1; i <= traded.size(); i++) {
            boolean full = i == traded.size()
                    || i - start == BATCH
                    || traded.get(i).timeMicros() - traded.get(start).timeMicros() >= tickMicros;
            if (full) {
                Instant at = Times.ofMicros(traded.get(i - 1).timeMicros());
                queue.add(new Due(at, new TradesArrived(List.copyOf(traded.subList(start, i)))));
                start = i;
            }
        }
    }

    private String closing() {
        return "The replay of " + files.directory().getFileName() + " has come to its end; "
                + files.problems().summary() + ".";
    }

    private void stop(HistoryException problem) {
        ended = true;
        queue.add(new Due(from, new StateChanged(FeedState.ENDED, "The replay stopped: " + problem.getMessage())));
    }

    CompletionStage<Done> close() {
        trades.forEach(Tape::close);
        candles.forEach(Tape::close);
        return CompletableFuture.completedStage(Done.getInstance());
    }
}
