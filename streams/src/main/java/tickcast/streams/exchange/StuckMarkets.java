package tickcast.streams.exchange;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tickcast.model.market.Symbol;

/**
 * Markets that did not do what they were asked for, however often: they are left out, so that the others go on, and knocked
 * at after a pause that doubles with every time until the market closes a minute again. Thread safe; times are {@link
 * System#nanoTime}.
 */
final class StuckMarkets {

    private final Duration firstPause;
    private final Duration longestPause;
    private final Map<Symbol, Integer> failures = new HashMap<>();
    private final Map<Symbol, Long> knockAt = new HashMap<>();
    private final Set<Symbol> answering = new HashSet<>();

    StuckMarkets(Duration firstPause, Duration longestPause) {
        this.firstPause = firstPause;
        this.longestPause = longestPause;
    }

    /** The market is left out from now on. Returns for how long at least. */
    synchronized Duration leaveOut(Symbol symbol, long nowNanos) {
        int before = failures.merge(symbol, 1, Integer::sum) - 1;
        Duration doubled = firstPause.multipliedBy(1L << Math.min(before, 20));
        Duration pause = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
        knockAt.put(symbol, nowNanos + pause.toNanos());
        return pause;
    }

    synchronized boolean isLeftOut(Symbol symbol) {
        return knockAt.containsKey(symbol);
    }

    /** Whether it failed before and has not closed a minute since: it is not waited for that long again. */
    synchronized boolean isSuspect(Symbol symbol) {
        return failures.containsKey(symbol);
    }

    synchronized boolean areAllLeftOut(Collection<Symbol> symbols) {
        return knockAt.keySet().containsAll(symbols);
    }

    /** Symbols, in order, that are left out. */
    synchronized Set<Symbol> leftOut() {
        return new TreeSet<>(knockAt.keySet());
    }

    /** Those whose pause is over; each is named once per pause. */
    synchronized List<Symbol> toKnockAt(long nowNanos) {
        List<Symbol> due = new ArrayList<>();
        knockAt.forEach((symbol, at) -> {
            if (nowNanos - at >= 0) {
                due.add(symbol);
            }
        });
        due.forEach(symbol -> knockAt.put(symbol, nowNanos + longestPause.toNanos()));
        return due;
    }

    /** Somebody opened. */
    synchronized void answered(Symbol symbol) {
        if (isLeftOut(symbol)) {
            answering.add(symbol);
        }
    }

    /** Those that are left out and answer again. */
    synchronized Set<Symbol> answering() {
        return new TreeSet<>(answering);
    }

    /** The market works. */
    synchronized void works(Symbol symbol) {
        failures.remove(symbol);
    }

    /** These are fed again, from what is stored, or by somebody else. Returns whether one of them was left out. */
    synchronized boolean takeIn(Collection<Symbol> symbols) {
        answering.removeAll(symbols);
        return knockAt.keySet().removeAll(symbols);
    }
}
