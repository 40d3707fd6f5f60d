package tickcast.streams.exchange;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/** Says the same whenever it is started, and counts how often it was prepared. */
record FixedFeed(List<Symbol> symbols, Source<FeedEvent, NotUsed> events, AtomicInteger prepared) implements TradeFeed {

    @Override
    public MarketSource source() {
        return MarketSource.SIMULATED;
    }

    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        prepared.incrementAndGet();
        return CompletableFuture.completedStage(Instant.EPOCH);
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        return events;
    }
}
