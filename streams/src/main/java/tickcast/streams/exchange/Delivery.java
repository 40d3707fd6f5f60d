package tickcast.streams.exchange;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.RecipientRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import akka.pattern.Patterns;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.market.Market;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * Hands feed events to the markets by ask and waits for every answer. Asks that are not answered, or answered with
 * "not done", are repeated: all of them are idempotent. A market that fails nevertheless is left out while the others go on;
 * when it answers again, or when all fail, delivering fails, so that the feed starts again. Called for one event at a time.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    /** Keeps a message well below the size of a remote frame. */
    private static final int MOST_TRADES = 1000;

    private static final int MOST_CANDLES = 500;

    private final ActorSystem<?> system;
    private final List<Symbol> symbols;
    private final java.util.function.Function<Symbol, ? extends RecipientRef<Market.Command>> markets;
    private final IngestSettings settings;
    private final IngestMetrics metrics;
    private final InstantSource clock;
    private final StuckMarkets stuck;
    private final Runnable stuckChanged;

    /** @param stuckChanged hears that {@link #leftOut} has changed */
    Delivery(
            ActorSystem<?> system,
            List<Symbol> symbols,
            java.util.function.Function<Symbol, ? extends RecipientRef<Market.Command>> markets,
            IngestSettings settings,
            IngestMetrics metrics,
            InstantSource clock,
            Runnable stuckChanged) {
        this.stuck = new StuckMarkets(settings.stuckPause(), settings.longestStuckPause());
        this.stuckChanged = stuckChanged;
        this.system = system;
        this.symbols = symbols;
        this.markets = markets;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The feed begins, or begins again: nobody is left out. */
    void begin() {
        stuck.takeAllIn();
    }

    /** Symbols whose market is left out at present. */
    Set<Symbol> leftOut() {
        return stuck.leftOut();
    }

    /** What a market fails in is its own affair as long as others work. */
    private CompletionStage<?> forgiving(Symbol symbol, Supplier<CompletionStage<?>> work) {
        if (stuck.isLeftOut(symbol)) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        return work.get().handle((done, failure) -> {
            if (failure != null) {
                leaveOut(symbol, failure);
            }
            return Done.getInstance();
        });
    }

    private void leaveOut(Symbol symbol, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof MarketsUnanswered unanswered)) {
            throw new CompletionException(cause);
        }
        Duration pause = stuck.leaveOut(symbol, System.nanoTime());
        if (stuck.areAllLeftOut(symbols)) {
            throw unanswered;
        }
        LOG.warn("Market {} is left out for {}, the others go on: {}", symbol, pause, unanswered.getMessage());
        stuckChanged.run();
    }

    private void knock() {
        for (Symbol symbol : stuck.toKnockAt(System.nanoTime())) {
            AskPattern.<Market.Command, Market.Revised>ask(
                            markets.apply(symbol),
                            replyTo -> new Market.ReviseCandles(List.of(), replyTo),
                            settings.closeTimeout(),
                            system.scheduler())
                    .whenComplete((answer, failure) -> {
                        if (failure == null) {
                            stuck.answered(symbol);
                        } else {
                            LOG.info("Market {} still does not answer: {}", symbol, failure.getMessage());
                            stuck.leaveOut(symbol, System.nanoTime());
                        }
                    });
        }
    }

    private void failWhenSomeReturned() {
        Set<Symbol> returned = stuck.answering();
        if (!returned.isEmpty()) {
            throw new MarketsReturned(
                    names(returned) + " answers again; the feed starts again to bring what was missed.");
        }
    }

    /** For people. */
    static String names(Collection<Symbol> symbols) {
        return symbols.stream().map(Symbol::toString).collect(Collectors.joining(", "));
    }

    /** Completes when all trades are in. */
    CompletionStage<Done> deliver(TradesArrived event) {
        Map<Symbol, List<Trade>> bySymbol = new LinkedHashMap<>();
        event.trades()
                .forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                        .add(trade));
        List<CompletionStage<?>> answers = new ArrayList<>();
        bySymbol.forEach((symbol, trades) -> answers.add(forgiving(
                symbol,
                () -> all(pieces(trades, MOST_TRADES).stream()
                        .<CompletionStage<?>>map(piece -> record(symbol, piece))
                        .toList()))));
        return all(answers);
    }

    private CompletionStage<Market.Recorded> record(Symbol symbol, List<Trade> trades) {
        return this.<Market.Recorded>ask(
                        "trades",
                        symbol,
                        replyTo -> new Market.RecordTrades(trades, replyTo),
                        settings.tradesTimeout(),
                        answer -> true)
                .thenApply(answer -> {
                    metrics.recorded(trades.size(), answer);
                    return answer;
                });
    }

    /** Completes when every symbol's minute is closed and all that follows from it is stored. */
    CompletionStage<Done> deliver(MinutePassed event) {
        failWhenSomeReturned();
        knock();
        Map<Symbol, Candle> made = new HashMap<>();
        event.candles().forEach(candle -> made.put(candle.symbol(), candle));
        Instant askedAt = clock.instant();
        List<CompletionStage<?>> answers = new ArrayList<>();
        for (Symbol symbol : symbols) {
            Function<ActorRef<Market.Closed>, Market.Command> close = made.containsKey(symbol)
                    ? replyTo -> new Market.CloseWithCandle(made.get(symbol), event.pace(), replyTo)
                    : replyTo -> new Market.CloseMinute(
                            event.closeTime(), coverage(event, symbol), event.alive(), event.pace(), replyTo);
            answers.add(forgiving(
                    symbol,
                    () -> this.<Market.Closed>ask("close", symbol, close, settings.closeTimeout(), Market.Closed::done)
                            .thenAccept(closed -> stuck.works(symbol))));
        }
        return all(answers).thenApply(done -> {
            Instant now = clock.instant();
            metrics.closed(Duration.between(askedAt, now));
            if (event.pace() == Pace.CLOCK) {
                metrics.closedLive(Duration.between(event.closeTime(), now));
            }
            return done;
        });
    }

    private static Coverage coverage(MinutePassed event, Symbol symbol) {
        if (event.unsure().contains(symbol)) {
            return Coverage.UNSURE;
        }
        return event.filled().contains(symbol) ? Coverage.FILLED : Coverage.SEEN;
    }

    /** Completes when the newer truth is stored. */
    CompletionStage<Done> deliver(CandlesRevised event) {
        return all(List.of(forgiving(event.symbol(), () -> {
            CompletionStage<Done> done = CompletableFuture.completedStage(Done.getInstance());
            for (List<Candle> piece : pieces(event.candles(), MOST_CANDLES)) {
                done = done.thenCompose(before -> revise(event.symbol(), piece));
            }
            return done;
        })));
    }

    private CompletionStage<Done> revise(Symbol symbol, List<Candle> candles) {
        return this.<Market.Revised>ask(
                        "revise",
                        symbol,
                        replyTo -> new Market.ReviseCandles(candles, replyTo),
                        settings.closeTimeout(),
                        answer -> true)
                .thenApply(answer -> {
                    metrics.revised(answer);
                    return Done.getInstance();
                });
    }

    private <A> CompletionStage<A> ask(
            String kind,
            Symbol symbol,
            Function<ActorRef<A>, Market.Command> question,
            Duration timeout,
            Predicate<A> satisfied) {
        return new Asking<>(kind, symbol, question, timeout, satisfied).attempt(1);
    }

    /** One question, asked until it is answered well. */
    private final class Asking<A> {
        private final String kind;
        private final Symbol symbol;
        private final Function<ActorRef<A>, Market.Command> question;
        private final Duration timeout;
        private final Predicate<A> satisfied;

        Asking(
                String kind,
                Symbol symbol,
                Function<ActorRef<A>, Market.Command> question,
                Duration timeout,
                Predicate<A> satisfied) {
            this.kind = kind;
            this.symbol = symbol;
            this.question = question;
            this.timeout = timeout;
            this.satisfied = satisfied;
        }

        /** Goes on on the system's own threads: without saying so, a small machine would start a new thread for each answer. */
        CompletionStage<A> attempt(int number) {
            return AskPattern.ask(markets.apply(symbol), question, timeout, system.scheduler())
                    .handleAsync((answer, failure) -> judge(number, answer, failure), system.executionContext())
                    .thenCompose(next -> next);
        }

        private CompletionStage<A> judge(int number, A answer, Throwable failure) {
            boolean good = failure == null && satisfied.test(answer);
            return good ? CompletableFuture.completedStage(answer) : again(number, failure);
        }

        private CompletionStage<A> again(int number, Throwable failure) {
            String what = "Market " + symbol + " did not finish '" + kind + "' at attempt " + number + " of "
                    + settings.attempts() + (failure == null ? "" : ": " + failure.getMessage());
            if (number >= settings.attempts() || stuck.isSuspect(symbol)) {
                return CompletableFuture.failedStage(new MarketsUnanswered(what, failure));
            }
            LOG.info("{}; asking again.", what);
            metrics.retried(kind);
            Duration delay = settings.retryDelay().multipliedBy(1L << Math.min(number - 1, 10));
            return Patterns.after(delay, system, () -> attempt(number + 1));
        }
    }

    private static CompletionStage<Done> all(List<CompletionStage<?>> answers) {
        CompletableFuture<?>[] futures =
                answers.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(futures).thenApply(all -> Done.getInstance());
    }

    private static <T> List<List<T>> pieces(List<T> whole, int most) {
        if (whole.size() <= most) {
            return List.of(whole);
        }
        List<List<T>> pieces = new ArrayList<>();
        for (int start = 0; start < whole.size(); start += most) {
            pieces.add(List.copyOf(whole.subList(start, Math.min(start + most, whole.size()))));
        }
        return pieces;
    }
}
