package tickcast.streams.exchange;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;

/** One venue, or what stands in for one. Another venue is another package with one of these. */
public interface TradeFeed {

    MarketSource source();

    /** The symbols it follows. */
    List<Symbol> symbols();

    /**
     * Puts into the archive what the source knows of the time before the feed begins, and finds where to begin: after
     * what the archive already has, so that a restart goes on without a hole.
     *
     * @return the instant, on a minute, from which {@link #events} shall begin
     */
    CompletionStage<Instant> prepare(Archive archive);

    /** Everything from {@code from} on, in order, until cancelled. Fails only on bugs: outages are events. */
    Source<FeedEvent, NotUsed> events(Instant from);

    /** @param trouble tells, at any time, what keeps the bus from being read; empty = nothing. For feeds that read it */
    default void heed(Supplier<String> trouble) {}
}
