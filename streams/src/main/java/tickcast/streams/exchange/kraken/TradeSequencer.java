package tickcast.streams.exchange.kraken;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Keeps one symbol's trade ids: every id counts once, and a jump leaves a hole. The exchange promises no contiguous ids, so a
 * hole is only a suspicion: once its history was asked it is {@link #settle settled}, and stays open to a straggler.
 *
 * <p>State is one number and the holes. O(1) for the usual next id, O(log holes) otherwise; asking for a minute costs nothing per
 * hole. Single-threaded.
 */
final class TradeSequencer {

    /** What an id is to us. */
    enum Verdict {
        /** Follows the highest one, perhaps after a jump. */
        NEXT,
        /** Had been missing. */
        MISSING,
        /** Had been there. */
        DUPLICATE
    }

    /**
     * Ids that have not been seen.
     *
     * @param afterMicros time of the trade before them
     * @param beforeMicros time of the trade behind them
     */
    record Hole(long first, long last, long afterMicros, long beforeMicros) {}

    private static final int SETTLED_KEPT = 64;

    private final long startMicros;
    private final NavigableMap<Long, Hole> open = new TreeMap<>();
    private final NavigableMap<Long, Hole> settled = new TreeMap<>();
    private final HoleMinutes openMinutes = new HoleMinutes();
    private long highest;
    private long highestMicros;

    /** @param startMicros trades before this time are of no interest */
    TradeSequencer(long startMicros) {
        this.startMicros = startMicros;
        this.highestMicros = Long.MIN_VALUE;
    }

    /** Takes the id of a trade. */
    Verdict offer(long id, long micros) {
        if (id <= highest) {
            boolean missing = fill(open, id, micros) || fill(settled, id, micros);
            return missing ? Verdict.MISSING : Verdict.DUPLICATE;
        }
        if (id != highest + 1) {
            keep(highest + 1, id - 1, Math.min(highestMicros, micros), Math.max(highestMicros, micros), open);
        }
        highest = id;
        highestMicros = micros;
        return Verdict.NEXT;
    }

    private boolean fill(NavigableMap<Long, Hole> holes, long id, long micros) {
        Map.Entry<Long, Hole> entry = holes.floorEntry(id);
        if (entry == null || entry.getValue().last() < id) {
            return false;
        }
        Hole hole = entry.getValue();
        holes.remove(hole.first());
        if (holes == open) {
            openMinutes.remove(hole);
        }
        keep(hole.first(), id - 1, Math.min(hole.afterMicros(), micros), Math.max(hole.afterMicros(), micros), holes);
        keep(id + 1, hole.last(), Math.min(hole.beforeMicros(), micros), Math.max(hole.beforeMicros(), micros), holes);
        return true;
    }

    private void keep(long first, long last, long afterMicros, long beforeMicros, NavigableMap<Long, Hole> holes) {
        if (first <= last && beforeMicros >= startMicros) {
            Hole hole = new Hole(first, last, Math.max(startMicros, afterMicros), beforeMicros);
            holes.put(first, hole);
            if (holes == open) {
                openMinutes.add(hole);
            }
        }
    }

    /**
     * History of all that happened from {@code fromMicros} on was asked and reached beyond {@code id}: what is still missing
     * below does not exist at the exchange.
     */
    void settle(long fromMicros, long id) {
        if (open.isEmpty()) {
            return;
        }
        for (Hole hole : List.copyOf(open.headMap(id).values())) {
            if (hole.last() < id && hole.afterMicros() >= fromMicros) {
                settle(hole);
            }
        }
    }

    /** Gives up on everything that is still missing. */
    void settleAll() {
        List.copyOf(open.values()).forEach(this::settle);
    }

    private void settle(Hole hole) {
        open.remove(hole.first());
        openMinutes.remove(hole);
        settled.put(hole.first(), hole);
        if (settled.size() > SETTLED_KEPT) {
            settled.pollFirstEntry();
        }
    }

    /** Whether ids are missing that history has not been asked for. */
    boolean hasHoles() {
        return !open.isEmpty();
    }

    /** Whether a trade of the minute that starts at {@code openMicros} may be missing. */
    boolean hasHoleIn(long openMicros) {
        return hasHoles() && openMinutes.touch(openMicros);
    }

    /** Holes that history has not been asked for, lowest ids first. */
    List<Hole> holes() {
        return new ArrayList<>(open.values());
    }

    /** Time of the trade with the highest id, or the start when that is later. */
    long highestMicros() {
        return Math.max(startMicros, highestMicros);
    }
}
