package tickcast.http.node;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.TradeFeed;

/** A feed that says when it has put into the archive what its source knows of the past, so that training can begin. */
final class PreparedFeed implements TradeFeed {

    private final TradeFeed feed;
    private final CompletableFuture<Instant> prepared = new CompletableFuture<>();

    PreparedFeed(TradeFeed feed) {
        this.feed = feed;
    }

    /** Completes once, with the instant from which the feed began. */
    CompletionStage<Instant> prepared() {
        return prepared.copy();
    }

    @Override
    public MarketSource source() {
        return feed.source();
    }

    @Override
    public List<Symbol> symbols() {
        return feed.symbols();
    }

    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        return feed.prepare(archive).thenApply(from -> {
            prepared.complete(from);
            return from;
        });
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        return feed.events(from);
    }

    @Override
    public void heed(Supplier<String> trouble) {
        feed.heed(trouble);
    }
}
