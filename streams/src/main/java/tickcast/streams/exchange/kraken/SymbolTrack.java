package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/**
 * What is known, and what is in doubt, about one symbol's trades. Doubt comes in three kinds: ids that were jumped over, a
 * tail (everything since the connection was lost), and passed minutes that must be rebuilt from history. Times are epoch
 * microseconds at the exchange. Single-threaded.
 */
final class SymbolTrack {

    private static final long NONE = Long.MAX_VALUE;
    /** A late trade within this many closed minutes is the market's own business; further back history must help. */
    private static final int REMEMBERED_MINUTES = CandleBuilder.REMEMBERED_MINUTES - 1;
    /** Most passed minutes that wait for a rebuild, and most that are remembered as rebuilt: what OHLC reaches, twice. */
    private static final int MINUTES_KEPT = 1440;

    private final Symbol symbol;
    private final long startMicros;
    private final TradeSequencer sequencer;
    private final LastPrices prices = new LastPrices();
    private final NavigableSet<Long> filled = new TreeSet<>();
    private final NavigableSet<Long> toRebuild = new TreeSet<>();
    private final NavigableSet<Long> rebuilt = new TreeSet<>();
    private long tailDoubt;

    /** @param startMicros on a minute; trades before it are of no interest, from it on none may be missing */
    SymbolTrack(Symbol symbol, long startMicros) {
        this.symbol = symbol;
        this.startMicros = startMicros;
        this.sequencer = new TradeSequencer(startMicros);
        this.tailDoubt = startMicros;
    }

    Symbol symbol() {
        return symbol;
    }

    /** The connection ended: trades from here on may be missing. */
    void doubtFrom(long micros) {
        tailDoubt = Math.min(tailDoubt, Math.max(micros, startMicros));
    }

    /** Trades follow on each other again: from now on only a jump of ids can mean a loss. */
    void trustTail() {
        tailDoubt = NONE;
    }

    /** Time of the newest trade known, or the start. */
    long lastTradeMicros() {
        return sequencer.highestMicros();
    }

    boolean isTailInDoubt() {
        return tailDoubt != NONE;
    }

    /** Whether a trade of the minute that starts at {@code openMicros} may be missing. */
    boolean isInDoubt(long openMicros) {
        long closeMicros = openMicros + ExchangeTime.MINUTE;
        return tailDoubt < closeMicros || sequencer.hasHoleIn(openMicros);
    }

    /** What became of a trade. */
    enum Taken {
        /** It was known, or is of no interest. */
        KNOWN,
        /** New: it is to be told. */
        TELL,
        /** New, but of a minute that history rebuilds as a whole. */
        REBUILD
    }

    /**
     * Takes a trade as it happened.
     *
     * @param passedMicros close time of the newest passed minute
     */
    Taken takeLive(Trade trade, long passedMicros) {
        if (!isNew(trade)) {
            return Taken.KNOWN;
        }
        long minute = ExchangeTime.minuteOf(trade.timeMicros());
        boolean lateButRemembered = minute >= passedMicros - REMEMBERED_MINUTES * ExchangeTime.MINUTE
                && !toRebuild.contains(minute)
                && !rebuilt.contains(minute);
        return minute >= passedMicros || lateButRemembered ? Taken.TELL : rebuild(minute);
    }

    /** Takes a trade out of the exchange's memory. */
    Taken takePast(Trade trade, long passedMicros) {
        if (!isNew(trade)) {
            return Taken.KNOWN;
        }
        long minute = ExchangeTime.minuteOf(trade.timeMicros());
        if (minute < passedMicros) {
            return rebuild(minute);
        }
        filled.add(minute);
        return Taken.TELL;
    }

    private boolean isNew(Trade trade) {
        if (sequencer.offer(trade.id(), trade.timeMicros()) == TradeSequencer.Verdict.DUPLICATE) {
            return false;
        }
        prices.note(trade.timeMicros(), trade.price());
        return trade.timeMicros() >= startMicros;
    }

    private Taken rebuild(long minute) {
        toRebuild.add(minute);
        if (toRebuild.size() > MINUTES_KEPT) {
            toRebuild.pollFirst();
        }
        return Taken.REBUILD;
    }

    /** Minute {@code openMicros} passes, in doubt or not. Returns whether it was partly filled. */
    boolean pass(long openMicros, boolean unsure) {
        if (unsure) {
            rebuild(openMicros);
        }
        boolean wasFilled = filled.contains(openMicros);
        filled.headSet(openMicros, true).clear();
        return wasFilled;
    }

    /** Whether history must be asked, not counting the tail. */
    boolean needsHistory() {
        return sequencer.hasHoles() || !toRebuild.isEmpty();
    }

    /** From where on history must be asked so that every doubt ends and every touched minute can be rebuilt whole. */
    long historyFrom(boolean withTail, long passedMicros) {
        long from = withTail ? sequencer.highestMicros() : NONE;
        for (TradeSequencer.Hole hole : sequencer.holes()) {
            from = Math.min(from, hole.afterMicros());
        }
        if (from < passedMicros) {
            from = ExchangeTime.minuteOf(from);
        }
        if (!toRebuild.isEmpty()) {
            from = Math.min(from, toRebuild.first());
        }
        return Math.max(from, startMicros);
    }

    /** Takes one page of history into the run. Returns the trades that had been missing, and what became of them. */
    Map<Trade, Taken> takeHistory(HistoryRun run, TradesPage page, long lagMicros, long passedMicros) {
        run.take(page, lagMicros);
        Map<Trade, Taken> missed = new LinkedHashMap<>();
        for (Trade trade : page.trades()) {
            Taken taken = takePast(trade, passedMicros);
            if (taken != Taken.KNOWN) {
                missed.put(trade, taken);
            }
        }
        sequencer.settle(run.fromMicros(), run.highestId());
        return missed;
    }

    /** History went as far as it goes: nothing before {@code coveredMicros} is in doubt any more. */
    void tailReached(long coveredMicros) {
        if (tailDoubt != NONE) {
            tailDoubt = Math.max(tailDoubt, coveredMicros);
        }
    }

    /** History was asked in vain too often: what is missing stays missing. */
    void giveUp() {
        sequencer.settleAll();
        toRebuild.clear();
    }

    /** The passed minutes that can be rebuilt whole from the run, as candles of revision 0. */
    List<Candle> rebuilt(HistoryRun run, Instant knownAt) {
        long wholeUntil = ExchangeTime.minuteOf(run.coveredMicros());
        long wholeFrom = Math.min(ceilMinute(run.fromMicros()), wholeUntil);
        NavigableSet<Long> ready = new TreeSet<>(toRebuild.subSet(wholeFrom, true, wholeUntil, false));
        List<Candle> candles = new ArrayList<>();
        if (!ready.isEmpty()) {
            List<Trade> trades = run.between(ready.first(), ready.last() + ExchangeTime.MINUTE);
            candles.addAll(candlesOf(ready, trades, knownAt));
            toRebuild.removeAll(ready);
            remember(ready);
        }
        run.forgetBefore(wholeUntil);
        return candles;
    }

    private List<Candle> candlesOf(NavigableSet<Long> minutes, List<Trade> trades, Instant knownAt) {
        Map<Instant, Candle> traded = new HashMap<>();
        CandleBuilder.candlesOf(symbol, trades, Coverage.FILLED, knownAt)
                .forEach(candle -> traded.put(candle.openTime(), candle));
        List<Candle> candles = new ArrayList<>();
        double price = prices.before(minutes.first());
        for (long minute = minutes.first(); minute <= minutes.last(); minute += ExchangeTime.MINUTE) {
            Candle candle = traded.get(Times.ofMicros(minute));
            if (candle != null) {
                price = candle.close();
            } else if (!Double.isNaN(price)) {
                candle = Candle.empty(symbol, Times.ofMicros(minute), price, knownAt);
            }
            if (candle != null && minutes.contains(minute)) {
                candles.add(candle);
            }
        }
        return candles;
    }

    private void remember(NavigableSet<Long> minutes) {
        rebuilt.addAll(minutes);
        while (rebuilt.size() > MINUTES_KEPT) {
            rebuilt.pollFirst();
        }
    }

    private static long ceilMinute(long micros) {
        return ExchangeTime.minuteOf(micros + ExchangeTime.MINUTE - 1);
    }
}
