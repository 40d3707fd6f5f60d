package tickcast.streams.exchange;

import akka.Done;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/**
 * Hands feed events to the markets themselves. A market that fails nevertheless is left out while the others go on; when it
 * answers again, when all fail, or when one was started again in between, delivering fails, so that the feed starts again.
 * Called for one event at a time.
 */
final class MarketDelivery implements Delivery {

    private final List<Symbol> symbols;
    private final IngestMetrics metrics;
    private final InstantSource clock;
    private volatile MarketAsks asks;

    MarketDelivery(List<Symbol> symbols, MarketAsks asks, IngestMetrics metrics, InstantSource clock) {
        this.symbols = symbols;
        this.asks = asks;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void begin(Runnable changed) {
        asks = asks.anew();
        asks.stragglers().onChange(changed);
        asks.stragglers().begin(symbols);
    }

    @Override
    public Set<Symbol> leftOut() {
        return asks.stragglers().leftOut();
    }

    /** Completes when all trades are in. */
    @Override
    public CompletionStage<Done> deliver(TradesArrived event) {
        Map<Symbol, List<Trade>> bySymbol = new LinkedHashMap<>();
        event.trades()
                .forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                        .add(trade));
        List<CompletionStage<?>> answers = new ArrayList<>();
        bySymbol.forEach((symbol, trades) ->
                answers.add(asks.stragglers().tell(symbol, () -> asks.record(symbol, trades))));
        return MarketAsks.all(answers);
    }

    /** Completes when every symbol's minute is closed and all that follows from it is stored. */
    @Override
    public CompletionStage<Done> deliver(MinutePassed event) {
        Stragglers stragglers = asks.stragglers();
        stragglers.knock(asks);
        Map<Symbol, Candle> made = new HashMap<>();
        event.candles().forEach(candle -> made.put(candle.symbol(), candle));
        Instant askedAt = clock.instant();
        List<CompletionStage<?>> answers = new ArrayList<>();
        for (Symbol symbol : symbols) {
            answers.add(stragglers
                    .tell(symbol, () -> close(event, symbol, Optional.ofNullable(made.get(symbol))))
                    .thenAccept(took -> works(symbol, took)));
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

    private void works(Symbol symbol, boolean took) {
        if (took) {
            asks.stragglers().works(symbol);
        }
    }

    private CompletionStage<Done> close(MinutePassed event, Symbol symbol, Optional<Candle> made) {
        return made.map(candle -> asks.close(candle, event.pace()))
                .orElseGet(() ->
                        asks.close(symbol, event.closeTime(), event.coverage(symbol), event.alive(), event.pace()));
    }

    /** Completes when the newer truth is stored. */
    @Override
    public CompletionStage<Done> deliver(CandlesRevised event) {
        return asks.stragglers()
                .tell(event.symbol(), () -> asks.revise(event.symbol(), event.candles()))
                .thenApply(took -> Done.getInstance());
    }
}
