package tickcast.streams.exchange.simulated;

import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Source;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.ResumePoint;
import tickcast.streams.exchange.TradeFeed;

/**
 * The simulated market as a feed: hands candle history to the archive, begins some hours before now, runs through them at
 * full speed by event time, waits on the way for the first model, then goes on at the pace of the clock.
 *
 * <p>{@link #prepare} computes on the common pool and fails with {@link Archive.ArchiveUnavailable} when the archive does.
 */
public final class SimulatedFeed implements TradeFeed {

    private final SimulatedMarket market;
    private final SimulatedSettings settings;
    private final InstantSource clock;
    private final CompletionStage<?> modelReady;

    /** @param modelReady completes, in whatever way, when a model may speak or none can be expected soon */
    public SimulatedFeed(
            SimulatedSettings settings, List<Symbol> symbols, InstantSource clock, CompletionStage<?> modelReady) {
        this.market = new SimulatedMarket(settings, symbols);
        this.settings = settings;
        this.clock = clock;
        this.modelReady = modelReady;
    }

    /** {@link MarketSource#SIMULATED} for the default seed; every other seed is a market of its own. */
    @Override
    public MarketSource source() {
        return sourceOf(settings.seed());
    }

    /** The source that the simulated market of a seed is. */
    public static MarketSource sourceOf(long seed) {
        return seed == SimulatedSettings.DEFAULT_SEED
                ? MarketSource.SIMULATED
                : new MarketSource(MarketSource.Kind.SIMULATED, "simulated-" + seed);
    }

    @Override
    public List<Symbol> symbols() {
        return market.symbols();
    }

    /** The market behind the feed, for judging forecasts. */
    public SimulatedMarket market() {
        return market;
    }

    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        Instant now = clock.instant();
        Instant earliest = later(Times.minuteOf(now.minus(settings.catchUp())), SimulatedMarket.EPOCH);
        if (now.isBefore(SimulatedMarket.EPOCH)) {
            throw new IllegalStateException("The simulated market begins at " + Times.iso(SimulatedMarket.EPOCH)
                    + ", but this machine's clock says " + Times.iso(now));
        }
        return ResumePoint.find(archive, symbols(), symbol -> earliest)
                .thenApply(resume -> later(resume, earliest))
                .thenCompose(from -> history(archive, from).thenApply(written -> from));
    }

    private CompletionStage<Void> history(Archive archive, Instant from) {
        Instant historyStart = later(from.minus(settings.history()), SimulatedMarket.EPOCH);
        return new SimulatedHistory(market, archive).fill(historyStart, from);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        return Source.lazySource(() -> minutes(from)).mapMaterializedValue(lazy -> NotUsed.getInstance());
    }

    private Source<FeedEvent, NotUsed> minutes(Instant from) {
        SimulatedRun run = new SimulatedRun(market, settings, clock, modelReady, from);
        return Source.unfoldAsync(run, r -> r.next().thenApply(events -> Optional.of(Pair.create(r, events))))
                .mapConcat(events -> events);
    }
}
