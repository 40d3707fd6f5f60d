package tickcast.streams.archive.recent;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;

/**
 * What memory knows of a page, as it was at one moment.
 *
 * @param complete whether these are the whole answer; otherwise they are what the store may not know yet
 */
record Found<T>(Function<T, Key> keyOf, boolean complete, List<Entry<T>> entries) {

    List<T> facts() {
        return entries.stream().map(Entry::fact).toList();
    }

    /** One page of both, from the same page of the store, read afterwards. */
    List<T> mergedWith(List<T> stored, Page page) {
        TreeMap<Key, T> all = new TreeMap<>();
        stored.forEach(fact -> all.put(keyOf.apply(fact), fact));
        for (Entry<T> entry : entries) {
            all.merge(entry.key(), entry.fact(), (theirs, ours) -> winner(theirs, entry));
        }
        return cut(new ArrayList<>(all.values()), page);
    }

    /**
     * Of candles the store does not tell the epoch: what an owner wrote counts above what the store has not heard of, what
     * nobody owns by its revision. Of everything else the store had the first.
     */
    private static <T> T winner(T stored, Entry<T> recent) {
        if (stored instanceof Candle before && recent.fact() instanceof Candle after) {
            return recent.epoch() > 0 || after.revision() > before.revision() ? recent.fact() : stored;
        }
        return stored;
    }

    /** The page's limit, from its end or its beginning. */
    static <E> List<E> cut(List<E> inOrder, Page page) {
        int surplus = Math.max(0, inOrder.size() - page.limit());
        return List.copyOf(
                page.newest()
                        ? inOrder.subList(surplus, inOrder.size())
                        : inOrder.subList(0, inOrder.size() - surplus));
    }
}
