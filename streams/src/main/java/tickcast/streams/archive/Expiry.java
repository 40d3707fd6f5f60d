package tickcast.streams.archive;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tickcast.model.archive.Retention;

/**
 * What may be deleted. One {@link #step} takes the oldest week at most of one symbol, so that other writes get their turn
 * in between.
 *
 * @param table has the columns {@code symbol} and {@code column}, and an index that begins with them
 * @param column the time that ages a row
 * @param before rows older than this go, in the column's unit
 * @param week in the column's unit
 */
record Expiry(String table, String column, long before, long week) {

    private static final Duration WEEK = Duration.ofDays(7);

    static List<Expiry> of(Retention retention, Instant now) {
        return List.of(
                new Expiry(
                        "candles",
                        "minute",
                        Range.minuteFrom(Retention.before(now, retention.candles())),
                        WEEK.toMinutes()),
                millis("features", "as_of", Retention.before(now, retention.features())),
                millis("errors", "target", Retention.before(now, retention.errors())),
                millis("predictions", "target", Retention.before(now, retention.predictionsAndErrors())),
                new Expiry(
                        "sentiment",
                        "known_at",
                        Range.microsFrom(Retention.before(now, retention.sentiment())),
                        WEEK.toMillis() * 1000));
    }

    private static Expiry millis(String table, String column, Instant before) {
        return new Expiry(table, column, Range.millisFrom(before), WEEK.toMillis());
    }

    /** The symbols of the table, found by leaping through its index. */
    List<String> symbols(Session session) throws SQLException {
        return session.list(
                "WITH RECURSIVE s (symbol) AS (SELECT min(symbol) FROM " + table
                        + " UNION ALL SELECT (SELECT min(symbol) FROM " + table
                        + " WHERE symbol > s.symbol) FROM s WHERE s.symbol IS NOT NULL)"
                        + " SELECT symbol FROM s WHERE symbol IS NOT NULL",
                binder -> {},
                Row::text);
    }

    /** Deletes the oldest rows of a symbol. Returns how many; 0 when no more are old enough. */
    int step(Session session, String symbol) throws SQLException {
        return session.update(
                "DELETE FROM " + table + " WHERE symbol = ? AND " + column + " < ? AND " + column + " < (SELECT min("
                        + column + ") FROM " + table + " WHERE symbol = ?) + ?",
                binder -> binder.text(symbol).integer(before).text(symbol).integer(week));
    }
}
