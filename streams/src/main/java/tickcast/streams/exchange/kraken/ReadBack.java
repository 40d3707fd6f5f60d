package tickcast.streams.exchange.kraken;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent;

/**
 * Reads the trades since the recursions' start back in the background, so that every feature becomes warm: the last to be
 * served by {@link RequestPacer}, one symbol after the other, in chunks of whole minutes.
 *
 * <p>What is to be read is what the archive does not have: from the first minute of a symbol that is absent, has no flow or may
 * lack trades. So a restart goes on where the last run stopped, and nothing is noted that was not stored.
 */
final class ReadBack {

    private static final Logger LOG = LoggerFactory.getLogger(ReadBack.class);
    private static final int CHUNK_MINUTES = 720;
    /** Reading begins a little early, to know the price before the first minute. */
    private static final Duration LEAD = Duration.ofMinutes(15);

    static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

    private final ActorSystem system;
    private final KrakenRest rest;
    private final Archive archive;
    private final List<Symbol> symbols;
    private final InstantSource clock;
    private final Duration pauseAfterFailure;
    private final Set<Symbol> whole = ConcurrentHashMap.newKeySet();

    /** @param pauseAfterFailure in real time, before a page that could not be had is asked for again */
    ReadBack(
            ActorSystem system,
            KrakenRest rest,
            Archive archive,
            List<Symbol> symbols,
            InstantSource clock,
            Duration pauseAfterFailure) {
        this.pauseAfterFailure = pauseAfterFailure;
        this.system = system;
        this.rest = rest;
        this.archive = archive;
        this.symbols = symbols;
        this.clock = clock;
    }

    /** Candles with flow for all minutes since the recursions' start and before {@code until} that the archive lacks. */
    Source<FeedEvent, NotUsed> until(Instant until) {
        Instant start = Times.recursionStart(until);
        return Source.from(symbols)
                .mapAsync(
                        1, symbol -> firstLacking(symbol, start, until).thenApply(first -> work(symbol, first, until)))
                .flatMapConcat(
                        work -> work.<Source<FeedEvent, NotUsed>>map(this::read).orElseGet(Source::empty));
    }

    /** The symbols of which everything was there or has been read. */
    Set<Symbol> whole() {
        return Set.copyOf(whole);
    }

    private Optional<MinuteCollector> work(Symbol symbol, Optional<Instant> first, Instant until) {
        if (first.isEmpty()) {
            whole.add(symbol);
        }
        return first.map(from -> new MinuteCollector(symbol, from, until));
    }

    private CompletionStage<Optional<Instant>> firstLacking(Symbol symbol, Instant start, Instant until) {
        return archive.candles(symbol, Page.all(start, until))
                .thenApply(stored -> firstLacking(stored, start, until))
                .exceptionally(failure -> {
                    LOG.warn(
                            "Can't see what the archive has of {}, reading all of it back: {}",
                            symbol,
                            failure.getMessage());
                    return Optional.of(start);
                });
    }

    private static Optional<Instant> firstLacking(List<Candle> stored, Instant start, Instant until) {
        Instant next = start;
        for (Candle candle : stored) {
            boolean whole =
                    candle.openTime().equals(next) && candle.quality().isWhole() && !Double.isNaN(candle.buyVolume());
            if (!whole) {
                break;
            }
            next = candle.closeTime();
        }
        return next.isBefore(until) ? Optional.of(next) : Optional.empty();
    }

    private Source<FeedEvent, NotUsed> read(MinuteCollector minutes) {
        LOG.info("Reading back the trades of {} since {}", minutes.symbol(), minutes.from());
        long sinceNanos = Times.micros(minutes.from().minus(LEAD)) * 1000 - 1;
        return pages(minutes.symbol(), sinceNanos, Times.micros(minutes.until()))
                .map(page -> minutes.take(page, clock.instant()))
                .concatLazy(Source.lazySingle(() -> finish(minutes)))
                .mapConcat(candles -> candles)
                .grouped(CHUNK_MINUTES)
                .<FeedEvent>map(candles -> new FeedEvent.CandlesRevised(minutes.symbol(), candles))
                .onErrorComplete();
    }

    private List<Candle> finish(MinuteCollector minutes) {
        whole.add(minutes.symbol());
        return minutes.finish(clock.instant());
    }

    /** What to ask for next, if anything, and whether the last question was in vain. */
    private record Step(Optional<Long> since, boolean inVain) {}

    /**
     * All pages up to the given time; a page that can't be had now is asked for again and again, as long as somebody reads.
     * Fails when refused.
     */
    private Source<TradesPage, NotUsed> pages(Symbol symbol, long sinceNanos, long untilMicros) {
        return Source.unfoldAsync(
                        new Step(Optional.of(sinceNanos), false),
                        step -> step.since().isEmpty()
                                ? CompletableFuture.completedStage(Optional.<Pair<Step, Optional<TradesPage>>>empty())
                                : asked(symbol, step, untilMicros).thenApply(Optional::of))
                .mapConcat(page -> page.map(List::of).orElseGet(List::of));
    }

    private CompletionStage<Pair<Step, Optional<TradesPage>>> asked(Symbol symbol, Step step, long untilMicros) {
        long since = step.since().orElseThrow();
        Duration pause = step.inVain() ? pauseAfterFailure : Duration.ZERO;
        return Patterns.after(pause, system, () -> page(symbol, since))
                .thenApply(page -> page.isEmpty()
                        ? Pair.create(new Step(step.since(), true), page)
                        : Pair.create(new Step(following(page.get(), since, untilMicros), false), page));
    }

    private static Optional<Long> following(TradesPage page, long sinceNanos, long untilMicros) {
        boolean reached = !page.full() || page.lastNanos() / 1000 >= untilMicros;
        return reached ? Optional.empty() : Optional.of(page.nextSinceNanos(sinceNanos));
    }

    /** Empty when it can't be had now. */
    private CompletionStage<Optional<TradesPage>> page(Symbol symbol, long sinceNanos) {
        return rest.trades(symbol, sinceNanos, RequestPacer.Urgency.BACKGROUND)
                .thenApply(Optional::of)
                .exceptionally(failure -> {
                    KrakenRestException reason = KrakenRest.asRestException(failure);
                    LOG.warn("Reading back {} pauses: {}", symbol, reason.getMessage());
                    if (reason.kind() == KrakenRestException.Kind.REFUSED) {
                        throw reason;
                    }
                    return Optional.empty();
                });
    }
}
