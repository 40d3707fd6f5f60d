package tickcast.streams.exchange.kraken;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * In which minutes holes lie, by counting where they begin and end: adding and removing cost O(log minutes), asking
 * O(minutes with holes), however many holes there are. Single-threaded.
 */
final class HoleMinutes {

    private final NavigableMap<Long, Integer> begins = new TreeMap<>();
    private final NavigableMap<Long, Integer> ends = new TreeMap<>();

    void add(TradeSequencer.Hole hole) {
        count(hole, 1);
    }

    void remove(TradeSequencer.Hole hole) {
        count(hole, -1);
    }

    private void count(TradeSequencer.Hole hole, int change) {
        count(begins, ExchangeTime.minuteOf(hole.afterMicros()), change);
        count(ends, ExchangeTime.minuteOf(hole.beforeMicros()), change);
    }

    private static void count(NavigableMap<Long, Integer> counts, long minute, int change) {
        if (counts.merge(minute, change, Integer::sum) == 0) {
            counts.remove(minute);
        }
    }

    /** Whether a hole reaches into the minute that starts at {@code openMicros}: begun by then and not ended before. */
    boolean touch(long openMicros) {
        return sum(begins.headMap(openMicros, true)) > sum(ends.headMap(openMicros, false));
    }

    private static int sum(NavigableMap<Long, Integer> counts) {
        int sum = 0;
        for (int count : counts.values()) {
            sum += count;
        }
        return sum;
    }
}
