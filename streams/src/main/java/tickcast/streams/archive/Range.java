package tickcast.streams.archive;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import tickcast.model.archive.Page;

/**
 * A {@link Page} in the unit in which a table keeps its time: {@code from} inclusive, {@code to} exclusive.
 *
 * @param limit most rows
 * @param newest whether the newest rows are wanted
 */
record Range(long from, long to, int limit, boolean newest) {

    static Range minutes(Page page) {
        return new Range(minuteFrom(page.from()), minuteFrom(page.to()), page.limit(), page.newest());
    }

    static Range millis(Page page) {
        return new Range(millisFrom(page.from()), millisFrom(page.to()), page.limit(), page.newest());
    }

    static Range micros(Page page) {
        return new Range(microsFrom(page.from()), microsFrom(page.to()), page.limit(), page.newest());
    }

    /** The first epoch minute that does not begin before {@code time}. */
    static long minuteFrom(Instant time) {
        return ceil(time, 60_000_000_000L);
    }

    /** The first epoch millisecond not before {@code time}, as near as a long can come. */
    static long millisFrom(Instant time) {
        return ceil(time, 1_000_000L);
    }

    /** The first epoch microsecond not before {@code time}, as near as a long can come. */
    static long microsFrom(Instant time) {
        return ceil(time, 1_000L);
    }

    private static long ceil(Instant time, long unitNanos) {
        long second = time.getEpochSecond();
        if (unitNanos >= 1_000_000_000L) {
            long unitSeconds = unitNanos / 1_000_000_000L;
            long unit = Math.floorDiv(second, unitSeconds);
            return Math.floorMod(second, unitSeconds) == 0 && time.getNano() == 0 ? unit : unit + 1;
        }
        long perSecond = 1_000_000_000L / unitNanos;
        if (second >= Long.MAX_VALUE / perSecond) {
            return Long.MAX_VALUE;
        }
        if (second <= Long.MIN_VALUE / perSecond) {
            return Long.MIN_VALUE;
        }
        return second * perSecond + (time.getNano() + unitNanos - 1) / unitNanos;
    }

    /** {@code ORDER BY} with this range's direction in every column. */
    String orderBy(String... columns) {
        String direction = newest ? " DESC" : "";
        return " ORDER BY " + String.join(direction + ", ", columns) + direction + " LIMIT ?";
    }

    /** Rows as they were read, oldest first. */
    <T> List<T> oldestFirst(List<T> rows) {
        if (newest) {
            Collections.reverse(rows);
        }
        return rows;
    }
}
