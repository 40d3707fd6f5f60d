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
import java.util.concurrent.CompletionStage;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent.CandlesRevised;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.TradesArrived;

/** Hands feed events to the markets themselves. */
final class MarketDelivery implements Delivery {

    private final List<Symbol> symbols;
    private final MarketAsks asks;
    private final IngestMetrics metrics;
    private final InstantSource clock;

    MarketDelivery(List<Symbol> symbols, MarketAsks asks, IngestMetrics metrics, InstantSource clock) {
        this.symbols = symbols;
        this.asks = asks;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Completes when all trades are in. */
    @Override
    public CompletionStage<Done> deliver(TradesArrived event) {
        Map<Symbol, List<Trade>> bySymbol = new LinkedHashMap<>();
        event.trades()
                .forEach(trade -> bySymbol.computeIfAbsent(trade.symbol(), symbol -> new ArrayList<>())
                        .add(trade));
        List<CompletionStage<?>> answers = new ArrayList<>();
        bySymbol.forEach((symbol, trades) -> answers.add(asks.record(symbol, trades)));
        return MarketAsks.all(answers);
    }

    /** Completes when every symbol's minute is closed and all that follows from it is stored. */
    @Override
    public CompletionStage<Done> deliver(MinutePassed event) {
        Map<Symbol, Candle> made = new HashMap<>();
        event.candles().forEach(candle -> made.put(candle.symbol(), candle));
        Instant askedAt = clock.instant();
        List<CompletionStage<?>> answers = new ArrayList<>();
        for (Symbol symbol : symbols) {
            answers.add(
                    made.containsKey(symbol)
                            ? asks.close(made.get(symbol), event.pace())
                            : asks.close(
                                    symbol, event.closeTime(), event.coverage(symbol), event.alive(), event.pace()));
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

    /** Completes when the newer truth is stored. */
    @Override
    public CompletionStage<Done> deliver(CandlesRevised event) {
        return asks.revise(event.symbol(), event.candles());
    }
}
