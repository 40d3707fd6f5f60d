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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.actors.market.Market;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/**
 * Hands facts of one symbol to its market by ask. Asks that are not answered, or answered with "not done", are repeated:
 * all of them are idempotent. A stage fails with {@link MarketsUnanswered} when repeating did not help, and with {@link
 * MarketsBehind} when a market was started again since its reading began, see {@link #anew}. Thread safe; the order of one
 * symbol's facts is up to the caller, who waits for one answer before the next ask.
 */
public final class MarketAsks {

    private static final Logger LOG = LoggerFactory.getLogger(MarketAsks.class);
    /** Keeps a message well below the size of a remote frame. */
    private static final int MOST_TRADES = 1000;

    private static final int MOST_CANDLES = 500;

    private final ActorSystem<?> system;
    private final java.util.function.Function<Symbol, ? extends RecipientRef<Market.Command>> markets;
    private final IngestSettings settings;
    private final IngestMetrics metrics;
    private final Stragglers stragglers;
    private final Lives lives = new Lives();

    public MarketAsks(
            ActorSystem<?> system,
            java.util.function.Function<Symbol, ? extends RecipientRef<Market.Command>> markets,
            IngestSettings settings,
            IngestMetrics metrics) {
        this(system, markets, settings, metrics, new Stragglers(settings));
        metrics.watch(stragglers);
    }

    private MarketAsks(
            ActorSystem<?> system,
            java.util.function.Function<Symbol, ? extends RecipientRef<Market.Command>> markets,
            IngestSettings settings,
            IngestMetrics metrics,
            Stragglers stragglers) {
        this.system = system;
        this.markets = markets;
        this.settings = settings;
        this.metrics = metrics;
        this.stragglers = stragglers;
    }

    /** The same for a reading that begins: each market has to listen to all of it in one life. */
    public MarketAsks anew() {
        return new MarketAsks(system, markets, settings, metrics, stragglers);
    }

    /** Those that do not answer. */
    public Stragglers stragglers() {
        return stragglers;
    }

    /** Asks once whether the market answers at all. */
    CompletionStage<Done> knock(Symbol symbol) {
        return AskPattern.<Market.Command, Market.Revised>ask(
                        markets.apply(symbol),
                        replyTo -> new Market.ReviseCandles(List.of(), replyTo),
                        settings.closeTimeout(),
                        system.scheduler())
                .thenApply(answer -> Done.getInstance());
    }

    /** Completes when all trades are in. */
    public CompletionStage<Done> record(Symbol symbol, List<Trade> trades) {
        List<CompletionStage<?>> answers = new ArrayList<>();
        pieces(trades, MOST_TRADES).forEach(piece -> answers.add(recordPiece(symbol, piece)));
        return all(answers);
    }

    private CompletionStage<Market.Recorded> recordPiece(Symbol symbol, List<Trade> trades) {
        return this.<Market.Recorded>ask(
                        "trades",
                        symbol,
                        replyTo -> new Market.RecordTrades(trades, replyTo),
                        settings.tradesTimeout(),
                        answer -> isDone(symbol, true, answer.life()))
                .thenApply(answer -> {
                    metrics.recorded(trades.size(), answer);
                    return answer;
                });
    }

    /** Closes a minute from the trades taken. Completes when all that follows from it is stored. */
    public CompletionStage<Done> close(Symbol symbol, Instant closeTime, Coverage coverage, boolean alive, Pace pace) {
        return close(
                symbol, replyTo -> new Market.CloseMinute(closeTime, coverage, alive, pace, lives.of(symbol), replyTo));
    }

    /** Closes a minute with a ready-made candle. Completes when all that follows from it is stored. */
    public CompletionStage<Done> close(Candle candle, Pace pace) {
        return close(candle.symbol(), replyTo -> new Market.CloseWithCandle(candle, pace, replyTo));
    }

    private CompletionStage<Done> close(Symbol symbol, Function<ActorRef<Market.Closed>, Market.Command> question) {
        Predicate<Market.Closed> done = answer -> isDone(symbol, answer.done(), answer.life());
        return ask("close", symbol, question, settings.closeTimeout(), done).thenApply(answer -> Done.getInstance());
    }

    private boolean isDone(Symbol symbol, boolean done, long life) {
        lives.answered(symbol, life);
        return done;
    }

    /** Completes when the newer truth is stored. */
    public CompletionStage<Done> revise(Symbol symbol, List<Candle> candles) {
        CompletionStage<Done> done = CompletableFuture.completedStage(Done.getInstance());
        for (List<Candle> piece : pieces(candles, MOST_CANDLES)) {
            done = done.thenCompose(before -> revisePiece(symbol, piece));
        }
        return done;
    }

    private CompletionStage<Done> revisePiece(Symbol symbol, List<Candle> candles) {
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
            if (number >= settings.attempts() || stragglers.isSuspect(symbol)) {
                return CompletableFuture.failedStage(new MarketsUnanswered(what, failure));
            }
            LOG.info("{}; asking again.", what);
            metrics.retried(kind);
            Duration delay = settings.retryDelay().multipliedBy(1L << Math.min(number - 1, 10));
            return Patterns.after(delay, system, () -> attempt(number + 1));
        }
    }

    static CompletionStage<Done> all(List<CompletionStage<?>> answers) {
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
