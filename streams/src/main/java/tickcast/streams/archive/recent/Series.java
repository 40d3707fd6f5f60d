package tickcast.streams.archive.recent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import tickcast.model.archive.Page;

/**
 * One symbol's recent records of one kind by key. Knows from which time on nothing is missing here, whatever the store
 * holds: the <em>floor</em>. Guarded by the {@link RecentRecords} that holds it.
 */
final class Series<T> {

    private final TreeMap<Key, Entry<T>> entries = new TreeMap<>();
    private final Function<T, Key> keyOf;
    private final Consumer<Entry<T>> onLeave;
    private final int mostArchived;
    private int archived;
    /** No floor is known at first: everything may be missing. */
    private Instant floor = Instant.MAX;

    private Instant evictedUpTo = Instant.MIN;

    /** @param onLeave hears of every entry that leaves the series for good */
    Series(Function<T, Key> keyOf, int mostArchived, Consumer<Entry<T>> onLeave) {
        this.keyOf = keyOf;
        this.mostArchived = mostArchived;
        this.onLeave = onLeave;
    }

    Optional<Entry<T>> find(Key key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** Puts an entry in, instead of the one of that key if there is one. */
    void put(Entry<T> entry) {
        Entry<T> before = entries.put(entry.key(), entry);
        if (before != null && before.isArchived()) {
            archived--;
        }
    }

    /** Takes an entry out that lives on elsewhere. */
    void take(Entry<T> entry) {
        if (entries.remove(entry.key(), entry) && entry.isArchived()) {
            archived--;
        }
    }

    void evict(Entry<T> entry) {
        if (entries.get(entry.key()) == entry) {
            take(entry);
            raise(entry);
            onLeave.accept(entry);
        }
    }

    private void raise(Entry<T> entry) {
        Instant after = entry.key().time().plusNanos(1);
        evictedUpTo = after.isAfter(evictedUpTo) ? after : evictedUpTo;
    }

    /** Counts an entry that has just been archived, and forgets the oldest of those beyond what is kept. */
    void onArchived(Entry<T> latest) {
        archived += entries.get(latest.key()) == latest ? 1 : 0;
        Iterator<Entry<T>> oldest = entries.values().iterator();
        while (archived > mostArchived && oldest.hasNext()) {
            Entry<T> entry = oldest.next();
            if (entry.isArchived()) {
                oldest.remove();
                archived--;
                raise(entry);
                onLeave.accept(entry);
            }
        }
    }

    /** Forgets what is older than {@code before}: it is in no archive any more. */
    void forget(Instant before) {
        List<Entry<T>> old = new ArrayList<>(entries.headMap(Key.from(before)).values());
        old.forEach(this::evict);
        evictedUpTo = before.isAfter(evictedUpTo) ? before : evictedUpTo;
    }

    /** Says that the store held nothing of {@code from} and later that is not here. */
    void completeFrom(Instant from) {
        floor = from.isBefore(floor) ? from : floor;
    }

    boolean hasFloor() {
        return floor.isBefore(Instant.MAX);
    }

    /** Whether all of {@code from} and later is here. */
    boolean isCompleteFrom(Instant from) {
        return hasFloor() && !from.isBefore(floor) && !from.isBefore(evictedUpTo);
    }

    Key keyOf(T fact) {
        return keyOf.apply(fact);
    }

    /** What is here of the page: all there is of it, or what the store may not know yet. */
    Found<T> find(Page page) {
        return find(page, fact -> true);
    }

    /** The same of those that pass the filter. */
    Found<T> find(Page page, Predicate<T> filter) {
        if (isCompleteFrom(page.from())) {
            return new Found<>(keyOf, true, pick(page.from(), page, entry -> filter.test(entry.fact())));
        }
        if (page.newest() && hasFloor()) {
            Instant start = latest(page.from(), latest(floor, evictedUpTo));
            List<Entry<T>> newest = pick(start, page, entry -> filter.test(entry.fact()));
            if (newest.size() == page.limit()) {
                return new Found<>(keyOf, true, newest);
            }
        }
        return new Found<>(
                keyOf, false, pick(page.from(), page, entry -> !entry.isArchived() && filter.test(entry.fact())));
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    /** Entries with a time in the range. */
    NavigableMap<Key, Entry<T>> between(Instant from, Instant to) {
        return from.isBefore(to) ? entries.subMap(Key.from(from), true, Key.from(to), false) : new TreeMap<>();
    }

    private List<Entry<T>> pick(Instant from, Page page, Predicate<Entry<T>> filter) {
        return Found.cut(
                between(from, page.to()).values().stream().filter(filter).toList(), page);
    }

    /** All entries, by key. */
    Collection<Entry<T>> all() {
        return entries.values();
    }
}
