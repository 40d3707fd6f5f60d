package tickcast.streams.exchange.kraken;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import tickcast.actors.topic.FeedState;
import tickcast.model.archive.Archive;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.TradeFeed;

/**
 * Kraken's spot trades. One WebSocket for all symbols; REST for the time before, and for whatever the WebSocket left out.
 * Thread safe; one run of {@link #events} at a time, because the connect budget and REST's rate are the venue's.
 */
public final class KrakenFeed implements TradeFeed {

    private final ActorSystem system;
    private final KrakenSettings settings;
    private final List<Symbol> symbols;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final FeedMetrics metrics;
    private final KrakenSocket socket;
    private final KrakenRest rest;
    private final ConnectBudget budget;
    private final Backfill.Patience patience;
    private volatile Optional<Prepared> prepared = Optional.empty();

    private record Prepared(WarmStart.Plan plan, Archive archive) {}

    /** A feed of the given symbols; nothing is asked or opened yet. */
    public static KrakenFeed create(
            ActorSystem system,
            KrakenSettings settings,
            List<Symbol> symbols,
            InstantSource clock,
            MeterRegistry meters) {
        return new KrakenFeed(system, settings, symbols, clock, meters, new Random(), Backfill.Patience.usual());
    }

    /** @param random for the jitter of all backoffs; must be thread safe, as this one is @param patience of the reading of history */
    KrakenFeed(
            ActorSystem system,
            KrakenSettings settings,
            List<Symbol> symbols,
            InstantSource clock,
            MeterRegistry meters,
            Random random,
            Backfill.Patience patience) {
        this.system = system;
        this.settings = settings;
        this.symbols = List.copyOf(symbols);
        this.clock = clock;
        this.random = random;
        this.patience = patience;
        this.metrics = new FeedMetrics(meters);
        this.socket = new KrakenSocket(system, settings);
        this.rest = new KrakenRest(system, settings.restUrl(), settings.rest(), metrics, random);
        this.budget = new ConnectBudget(settings.connectBudget(), settings.connectBudgetWindow());
    }

    @Override
    public MarketSource source() {
        return MarketSource.KRAKEN;
    }

    @Override
    public List<Symbol> symbols() {
        return symbols;
    }

    /**
     * Whether Kraken's WebSocket can be opened from here. Never fails.
     *
     * @param atMost how long to try, in real time
     */
    public CompletionStage<Boolean> reachable(Duration atMost) {
        if (!budget.spend(clock.instant())) {
            return CompletableFuture.completedStage(false);
        }
        var handshake = Source.<String>maybe()
                .viaMat(socket.connection(), Keep.both())
                .toMat(Sink.ignore(), Keep.left())
                .run(system);
        return handshake
                .second()
                .thenApply(WebSocketUpgradeResponse::isValid)
                .toCompletableFuture()
                .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> false)
                .whenComplete((reached, failure) -> handshake.first().complete(Optional.empty()));
    }

    @Override
    public CompletionStage<Instant> prepare(Archive archive) {
        return new WarmStart(rest, symbols, clock, metrics).run(archive).thenApply(plan -> {
            prepared = Optional.of(new Prepared(plan, archive));
            return plan.from();
        });
    }

    @Override
    public Source<FeedEvent, NotUsed> events(Instant from) {
        Optional<Prepared> start = prepared.filter(known -> known.plan().from().equals(from));
        WarmStart.Plan plan = start.map(Prepared::plan).orElseGet(() -> new WarmStart.Plan(from, new TreeMap<>()));
        return catchUp(plan)
                .concatLazy(Source.fromGraph(live(plan.tradesFrom())))
                .merge(readBack(start, plan.tradesFrom()));
    }

    /** Minutes that were over before the feed began, with the exchange's own candles. */
    private Source<FeedEvent, NotUsed> catchUp(WarmStart.Plan plan) {
        if (plan.candles().isEmpty()) {
            return Source.empty();
        }
        FeedEvent begin = new FeedEvent.StateChanged(
                FeedState.CATCHING_UP, "Catching up with Kraken's history since " + Times.iso(plan.from()) + ".");
        return Source.single(begin).concat(Source.from(plan.candles().values()).map(this::passed));
    }

    private FeedEvent passed(List<Candle> candles) {
        Set<Symbol> unknown = new HashSet<>(symbols);
        candles.forEach(candle -> unknown.remove(candle.symbol()));
        Instant close = candles.get(0).closeTime();
        return new FeedEvent.MinutePassed(close, Pace.CLOCK, unknown, Set.of(), true, candles);
    }

    private FeedStage live(Instant start) {
        return new FeedStage(
                socket,
                (symbol, sinceNanos) -> rest.trades(symbol, sinceNanos, RequestPacer.Urgency.REPAIR),
                (wire, out) -> new FeedSession(settings, symbols, start, budget, metrics, random, wire, out),
                clock,
                settings.tickEvery());
    }

    /** First what the markets remember, symbol by symbol, then the days before that. */
    private Source<FeedEvent, NotUsed> readBack(Optional<Prepared> start, Instant until) {
        if (start.isEmpty() || !settings.rest().readBack()) {
            return Source.empty();
        }
        Archive archive = start.get().archive();
        ReadBack recent = new ReadBack(system, rest, archive, symbols, clock, ReadBack.PAUSE_AFTER_FAILURE);
        return recent.until(until).concatLazy(Source.lazySource(() -> backfill(archive, recent, until)));
    }

    private Source<FeedEvent, NotUsed> backfill(Archive archive, ReadBack recent, Instant until) {
        List<Symbol> whole = symbols.stream().filter(recent.whole()::contains).toList();
        return Backfill.read(
                system,
                rest,
                archive,
                whole,
                Times.recursionStart(until),
                until,
                settings.rest().readBackDepth(),
                patience,
                clock);
    }
}
