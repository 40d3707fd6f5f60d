package tickcast.streams.archive.recent;

import java.util.ArrayDeque;

/** One lane's entries that the store does not know yet, in order. Guarded by the {@link RecentRecords} that holds it. */
final class Lane {

    private final ArrayDeque<Entry<?>> pending = new ArrayDeque<>();
    private long weight;
    /** First position after what was forgotten although the store did not know it. */
    private long forgottenBefore = Long.MIN_VALUE;

    private long archivedBefore = Long.MIN_VALUE;

    void add(Entry<?> entry) {
        pending.add(entry);
        weight += entry.weight();
    }

    /** Returns the weight of what the store knows by now. */
    long archived(long position) {
        archivedBefore = Math.max(archivedBefore, position);
        long freed = 0;
        while (!pending.isEmpty() && pending.peek().place().position() < position) {
            Entry<?> entry = pending.poll();
            freed += entry.weight();
            entry.markArchived();
        }
        weight -= freed;
        return freed;
    }

    /** Whether the store was ahead of this. */
    boolean isArchived(long position) {
        return position < archivedBefore;
    }

    /** Forgets the oldest. Returns its weight. */
    int forget() {
        Entry<?> oldest = pending.poll();
        weight -= oldest.weight();
        forgottenBefore = Math.max(forgottenBefore, oldest.place().position() + 1);
        oldest.drop();
        return oldest.weight();
    }

    /** Whether something is neither here nor in the store. */
    boolean hasHole() {
        return forgottenBefore > archivedBefore;
    }

    long weight() {
        return weight;
    }
}
