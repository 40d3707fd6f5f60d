package tickcast.streams.exchange;

import akka.Done;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * Hands feed events to the markets themselves. A market that fails nevertheless is left out while the others go on; when it
 * answers again, or when all fail, delivering fails, so that the feed starts again. Called for one event at a time.
 */
final class MarketDelivery implements Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(MarketDelivery.class);

    private final List<Symbol> symbols;
    private final MarketAsks asks;
    private final StuckMarkets stuck;
    private final IngestMetrics metrics;
    private final InstantSource clock;
    private volatile Runnable stuckChanged = () -> {};

    /** @param stuck what {@code asks} suspects */
    MarketDelivery(
            List<Symbol> symbols, MarketAsks asks, StuckMarkets stuck, IngestMetrics metrics, InstantSource clock) {
        this.symbols = symbols;
        this.asks = asks;
        this.stuck = stuck;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void begin(Runnable changed) {
        stuckChanged = changed;
        stuck.takeAllIn();
    }

    @Override
    public Set<Symbol> leftOut() {
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
            asks.knock(symbol).whenComplete((answer, failure) -> {
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
    @Override
    public CompletionStage<Done> deliver(TradesArrived event) {
        Map<Symbol, List<Trade>> bySymbol = new LinkedHashMap<>();
        event.trades()
                .forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                        .add(trade));
        List<CompletionStage<?>> answers = new ArrayList<>();
        bySymbol.forEach((symbol, trades) -> answers.add(forgiving(symbol, () -> asks.record(symbol, trades))));
        return MarketAsks.all(answers);
    }

    /** Completes when every symbol's minute is closed and all that follows from it is stored. */
    @Override
    public CompletionStage<Done> deliver(MinutePassed event) {
        failWhenSomeReturned();
        knock();
        failWhenSomeReturned();
        knock();
        Map<Symbol, Candle> made = new HashMap<>();
        event.candles().forEach(candle -> made.put(candle.symbol(), candle));
        Instant askedAt = clock.instant();
        List<CompletionStage<?>> answers = new ArrayList<>();
        for (Symbol symbol : symbols) {
            answers.add(forgiving(
                    symbol,
                    () -> close(event, symbol, Optional.ofNullable(made.get(symbol)))
                            .thenAccept(done -> stuck.works(symbol))));
        }
        return MarketAsks.all(answers).thenApply(done -> {
            Instant now = clock.instant();
            metrics.closed(Duration.between(askedAt, now));
            if (event.pace() == Pace.CLOCK) {
                metrics.closedLive(Duration.between(event.closeTime(), now));
            }
            return done;
        });
    }

    private CompletionStage<Done> close(MinutePassed event, Symbol symbol, Optional<Candle> made) {
        return made.map(candle -> asks.close(candle, event.pace()))
                .orElseGet(() ->
                        asks.close(symbol, event.closeTime(), event.coverage(symbol), event.alive(), event.pace()));
    }

    /** Completes when the newer truth is stored. */
    @Override
    public CompletionStage<Done> deliver(CandlesRevised event) {
        return MarketAsks.all(List.of(forgiving(event.symbol(), () -> asks.revise(event.symbol(), event.candles()))));
    }
}
