package tickcast.streams.archive;

import java.sql.SQLException;
import java.util.Optional;

/** Small named notes: the last one stays. */
final class NoteTable {

    private static final String PROBE = "archive.probe";

    private NoteTable() {}

    static Optional<String> read(Session session, String name) throws SQLException {
        return session.first("SELECT value FROM notes WHERE name = ?", binder -> binder.text(name), Row::text);
    }

    static void write(Session session, String name, String value) throws SQLException {
        session.update(
                "INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                binder -> binder.text(name).text(value));
    }

    /** Leaves a mark that is new each time. */
    static long writeProbe(Session session) throws SQLException {
        long mark = readProbe(session) + 1;
        write(session, PROBE, Long.toString(mark));
        return mark;
    }

    /** The newest mark, 0 before the first. */
    static long readProbe(Session session) throws SQLException {
        return read(session, PROBE).map(Long::parseLong).orElse(0L);
    }
}
