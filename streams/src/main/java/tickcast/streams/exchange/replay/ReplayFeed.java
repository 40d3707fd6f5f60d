package tickcast.streams.exchange.replay;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import tickcast.model.archive.Archive;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.ResumePoint;
import tickcast.streams.exchange.TradeFeed;

/**
 * Plays recorded history as if it happened now, all symbols merged by time, driven by event time: at any speed the same
 * minutes close with the same trades and candles in the same order. Ends after the minute of the last line.
 *
 * <p>Reads on the blocking dispatcher. Files that turn out to be unusable end the replay with a state that says why.
 */
public final class ReplayFeed implements TradeFeed {

    private static final String BLOCKING = "akka.actor.default-blocking-io-dispatcher";

    private final HistoryFiles files;
    private final List<Symbol> symbols;
    private final double speed;
    private final InstantSource clock;
    private final MarketSource source;

    /**
     * @param symbols those to play, or none for every pair of the directory
     * @param speed event time per wall time; 1 = as recorded, 0 = as fast as it can
     * @throws HistoryException when the directory lacks a symbol
     */
    public ReplayFeed(HistoryFiles files, List<Symbol> symbols, double speed, InstantSource clock) {
        if (!(speed >= 0 && speed < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("replay speed must be 0 or more, was " + speed);
        }
        this.files = files;
        this.symbols = symbols.isEmpty() ? files.symbols() : List.copyOf(symbols);
        this.speed = speed;
        this.clock = clock;
        this.source = MarketSource.replay(files.fingerprint());
        List<Symbol> absent =
                this.symbols.stream().filter(s -> !files.symbols().contains(s)).toList();
        if (!absent.isEmpty()) {
            throw new HistoryException(
                    files.directory() + " has no history of " + absent + "; it has " + files.symbols());
        }
    }

    /** Each recording is a market of its own. */
    @Override
    public MarketSource source() {
        return source;
    }

    @Override
    public List<Symbol> symbols() {
        return symbols;
    }

    /** Nothing comes before a recording; begins with its first minute, or where the archive says it had come to. */
    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        var beginnings = symbols.stream()
                .flatMap(symbol -> files.beginning(symbol).map(at -> new Beginning(symbol, at)).stream())
                .collect(Collectors.toMap(Beginning::symbol, Beginning::at));
        if (beginnings.isEmpty()) {
            throw new HistoryException(files.directory() + " holds no readable line of " + symbols);
        }
        List<Symbol> recorded = symbols.stream().filter(beginnings::containsKey).toList();
        return ResumePoint.find(archive, recorded, beginnings::get).thenApply(Times::minuteOf);
    }

    private record Beginning(Symbol symbol, Instant at) {}

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        return Source.unfoldResourceAsync(
                        () -> ReplayRun.start(files, symbols, speed, clock, from), ReplayRun::next, ReplayRun::close)
                .<FeedEvent>mapConcat(events -> events)
                .async(BLOCKING, 1);
    }
}
