package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;

/**
 * Turns trades that come live, twice, late, out of a snapshot or out of history into each trade once, and says when a minute
 * is over and whether it is whole. Single-threaded.
 */
final class Reconciler {

    private final KrakenSettings settings;
    private final FeedMetrics metrics;
    private final Consumer<FeedEvent> out;
    private final Map<Symbol, SymbolTrack> tracks = new LinkedHashMap<>();
    private final Set<Symbol> refused = new HashSet<>();
    private final MinuteGate gate;
    private final ExchangeClock clock;
    private long heardMicros;

    /** @param start on a minute; everything from here on is told */
    Reconciler(
            KrakenSettings settings,
            List<Symbol> symbols,
            Instant start,
            FeedMetrics metrics,
            Consumer<FeedEvent> out) {
        this.settings = settings;
        this.metrics = metrics;
        this.out = out;
        symbols.forEach(symbol -> tracks.put(symbol, new SymbolTrack(symbol, Times.micros(start))));
        this.gate = new MinuteGate(start, settings.grace(), settings.holdAtMost());
        this.clock = new ExchangeClock(settings.pingEvery().multipliedBy(4));
        this.heardMicros = Times.micros(start);
    }

    Collection<SymbolTrack> tracks() {
        return tracks.values();
    }

    Optional<SymbolTrack> track(Symbol symbol) {
        return Optional.ofNullable(tracks.get(symbol));
    }

    /** The exchange's clock in epoch microseconds. */
    long exchangeMicros(Instant now) {
        return clock.micros(now);
    }

    /** Close time of the newest minute that passed, in epoch microseconds. */
    long passedMicros() {
        return gate.passedMicros();
    }

    /** The exchange said what time it is. */
    void measure(long exchangeMicros, Instant now) {
        if (exchangeMicros != ExchangeTime.UNKNOWN) {
            clock.sample(exchangeMicros, now);
        }
    }

    /**
     * A frame came: the feed is alive.
     *
     * @param fresh whether it was waited for; one that had been lying in a buffer says nothing about the present
     */
    void hear(Instant now, boolean fresh) {
        if (fresh) {
            heardMicros = Math.max(heardMicros, clock.micros(now));
            gate.advance(heardMicros);
        }
    }

    /** Takes a trade frame. */
    void take(Frame.Trades frame, Instant now, boolean fresh) {
        List<Trade> told = new ArrayList<>(frame.trades().size());
        long passed = passedMicros();
        int known = 0;
        for (Trade trade : frame.trades()) {
            if (isFromTheFuture(trade, now)) {
                metrics.bad("future-trade", trade.toString());
                continue;
            }
            SymbolTrack track = tracks.get(trade.symbol());
            SymbolTrack.Taken taken = frame.snapshot() ? track.takePast(trade, passed) : track.takeLive(trade, passed);
            if (taken == SymbolTrack.Taken.TELL) {
                told.add(trade);
            } else if (taken == SymbolTrack.Taken.KNOWN) {
                known++;
            }
            followClock(trade, frame.snapshot(), now, fresh);
            track.trustTail();
        }
        if (known > 0) {
            metrics.duplicates(known);
        }
        tell(told);
    }

    private boolean isFromTheFuture(Trade trade, Instant now) {
        long ahead = settings.aheadAtMost().toNanos() / 1000;
        return clock.isMeasured() && trade.timeMicros() > clock.micros(now) + ahead;
    }

    private void followClock(Trade trade, boolean snapshot, Instant now, boolean fresh) {
        if (snapshot) {
            return;
        }
        if (fresh) {
            clock.sample(trade.timeMicros(), now);
        }
        if (trade.timeMicros() > heardMicros) {
            heardMicros = trade.timeMicros();
            gate.advance(heardMicros);
        }
    }

    /** Tells trades, if there are any. */
    void tell(List<Trade> trades) {
        if (!trades.isEmpty()) {
            out.accept(new FeedEvent.TradesArrived(trades));
        }
    }

    /** Tells rebuilt minutes, if there are any. */
    void revise(Symbol symbol, List<Candle> candles) {
        if (!candles.isEmpty()) {
            metrics.revised(candles.size());
            out.accept(new FeedEvent.CandlesRevised(symbol, candles));
        }
    }

    /** Nothing comes in any more: what happened after the last frame is in doubt for every symbol. */
    void loseConnection() {
        long from = heardMicros - settings.grace().toNanos() / 1000;
        tracks.values().forEach(track -> track.doubtFrom(from));
    }

    /** One symbol's subscription is not to be trusted since its last trade. */
    void distrust(SymbolTrack track) {
        track.doubtFrom(track.lastTradeMicros());
    }

    /** The exchange does not serve this symbol: it holds nobody up, and its minutes are in doubt for good. */
    void refuse(Symbol symbol) {
        refused.add(symbol);
    }

    /** The symbol is served after all. */
    void admit(Symbol symbol) {
        refused.remove(symbol);
    }

    boolean isRefused(Symbol symbol) {
        return refused.contains(symbol);
    }

    /**
     * Lets the minutes pass that may.
     *
     * @param upToDate whether all that has come in was read; if not, only the frames' own time counts
     * @return whether each of them was proven alive by frames
     */
    boolean release(Instant now, boolean upToDate) {
        long exchangeNow = upToDate ? Math.max(heardMicros, clock.micros(now)) : heardMicros;
        boolean allAlive = true;
        for (Optional<Instant> close = gate.next(exchangeNow, this::isHeldUp);
                close.isPresent();
                close = gate.next(exchangeNow, this::isHeldUp)) {
            allAlive &= pass(close.get());
        }
        return allAlive;
    }

    private boolean isHeldUp(long open) {
        for (SymbolTrack track : tracks.values()) {
            if (track.isInDoubt(open) && !isRefused(track.symbol())) {
                return true;
            }
        }
        return false;
    }

    private boolean pass(Instant close) {
        long open = Times.micros(close) - ExchangeTime.MINUTE;
        Set<Symbol> unsure = new HashSet<>();
        Set<Symbol> filled = new HashSet<>();
        for (SymbolTrack track : tracks.values()) {
            boolean doubted = track.isInDoubt(open);
            if (track.pass(open, doubted && !isRefused(track.symbol()))) {
                filled.add(track.symbol());
            }
            if (doubted || isRefused(track.symbol())) {
                unsure.add(track.symbol());
            }
        }
        metrics.unsure(unsure.size());
        boolean alive = heardMicros >= Times.micros(close);
        out.accept(new FeedEvent.MinutePassed(close, Pace.CLOCK, unsure, filled, alive, List.of()));
        return alive;
    }
}
