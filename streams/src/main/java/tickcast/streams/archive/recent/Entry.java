package tickcast.streams.archive.recent;

/** A record in memory with what becomes of it. Guarded by the {@link RecentRecords} that holds it. */
final class Entry<T> {

    private final Series<T> series;
    private final Key key;
    private final T fact;
    private final long epoch;
    private final Place place;
    private final int weight;
    private boolean archived;

    Entry(Series<T> series, Key key, T fact, long epoch, Place place, int weight) {
        this.series = series;
        this.key = key;
        this.fact = fact;
        this.epoch = epoch;
        this.place = place;
        this.weight = weight;
    }

    Key key() {
        return key;
    }

    T fact() {
        return fact;
    }

    long epoch() {
        return epoch;
    }

    Place place() {
        return place;
    }

    /** About how many bytes it takes. */
    int weight() {
        return weight;
    }

    /** Whether a read of the store that begins now finds it, or what has won over it. */
    boolean isArchived() {
        return archived;
    }

    void markArchived() {
        archived = true;
        series.onArchived(this);
    }

    /** Forgets it though the store does not know it yet. */
    void drop() {
        series.evict(this);
    }
}
