package tickcast.model.market;

import java.util.Arrays;

/**
 * A set of trade ids, kept as closed ranges in rising order: consecutive ids cost nothing. At most {@code limit} ranges;
 * beyond it the lowest one is forgotten.
 */
final class IdRanges {

    private static final int INITIAL = 4;

    private final int limit;
    private long[] firsts = new long[INITIAL];
    private long[] lasts = new long[INITIAL];
    private int size;

    IdRanges(int limit) {
        this.limit = limit;
    }

    boolean contains(long id) {
        int at = rangeBelow(id);
        return at >= 0 && id <= lasts[at];
    }

    /** Adds an id. Returns false when it was there. */
    boolean add(long id) {
        int at = rangeBelow(id);
        if (at >= 0 && id <= lasts[at]) {
            return false;
        }
        addRange(at, id, id);
        return true;
    }

    /** Adds all ids of another set. */
    void addAll(IdRanges other) {
        for (int i = 0; i < other.size; i++) {
            addAll(other.firsts[i], other.lasts[i]);
        }
    }

    private void addAll(long first, long last) {
        int at = rangeBelow(first);
        if (at >= 0 && first <= lasts[at]) {
            if (last <= lasts[at]) {
                return;
            }
            first = lasts[at] + 1;
        }
        while (at + 1 < size && firsts[at + 1] <= last) {
            last = Math.max(last, lasts[at + 1]);
            remove(at + 1);
        }
        addRange(at, first, last);
    }

    /** Adds a range that overlaps none, behind the range {@code below}. */
    private void addRange(int below, long first, long last) {
        boolean touchesBelow = below >= 0 && lasts[below] + 1 == first;
        boolean touchesAbove = below + 1 < size && last + 1 == firsts[below + 1];
        if (touchesBelow && touchesAbove) {
            lasts[below] = lasts[below + 1];
            remove(below + 1);
        } else if (touchesBelow) {
            lasts[below] = last;
        } else if (touchesAbove) {
            firsts[below + 1] = first;
        } else {
            insert(below + 1, first, last);
        }
    }

    private void insert(int at, long first, long last) {
        if (size == firsts.length) {
            int capacity = Math.min(limit + 1, size * 2);
            firsts = Arrays.copyOf(firsts, capacity);
            lasts = Arrays.copyOf(lasts, capacity);
        }
        System.arraycopy(firsts, at, firsts, at + 1, size - at);
        System.arraycopy(lasts, at, lasts, at + 1, size - at);
        firsts[at] = first;
        lasts[at] = last;
        size++;
        if (size > limit) {
            remove(0);
        }
    }

    private void remove(int at) {
        System.arraycopy(firsts, at + 1, firsts, at, size - at - 1);
        System.arraycopy(lasts, at + 1, lasts, at, size - at - 1);
        size--;
    }

    /** Index of the last range that starts at or below {@code id}, or −1. Newest ids are found first. */
    private int rangeBelow(long id) {
        if (size == 0 || firsts[size - 1] <= id) {
            return size - 1;
        }
        int found = Arrays.binarySearch(firsts, 0, size, id);
        return found >= 0 ? found : -found - 2;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
        if (firsts.length > INITIAL) {
            firsts = new long[INITIAL];
            lasts = new long[INITIAL];
        }
    }
}
