package tickcast.streams.archive;

import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/** One SQLite connection with its prepared statements. For one thread at a time. */
final class Session implements AutoCloseable {

    /** Gives a statement its values. */
    @FunctionalInterface
    interface Bind {
        void to(Binder binder) throws SQLException;
    }

    /** Gives a statement the values of a record. */
    @FunctionalInterface
    interface BindRecord<T> {
        void to(Binder binder, T record) throws SQLException;
    }

    /** Makes a record of a row. */
    @FunctionalInterface
    interface Read<T> {
        T from(Row row) throws SQLException;
    }

    private static final int JOURNAL_LIMIT_BYTES = 64 << 20;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    private Session(Connection connection) {
        this.connection = connection;
    }

    /** A session that may write; makes the file when it is absent. */
    static Session writing(Path file, Duration patience) throws SQLException {
        SQLiteConfig config = config(patience);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setJournalSizeLimit(JOURNAL_LIMIT_BYTES);
        return connect(file, config);
    }

    /** A session that can only read. */
    static Session reading(Path file, Duration patience) throws SQLException {
        Session session = connect(file, config(patience));
        session.execute("PRAGMA query_only = 1");
        return session;
    }

    private static SQLiteConfig config(Duration patience) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(Math.toIntExact(patience.toMillis()));
        config.enforceForeignKeys(false);
        config.setGetGeneratedKeys(false);
        return config;
    }

    private static Session connect(Path file, SQLiteConfig config) throws SQLException {
        return new Session(config.createConnection("jdbc:sqlite:" + file));
    }

    /** Runs statements that are not worth keeping. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a statement without values or rows that comes again and again, such as COMMIT. */
    void run(String sql) throws SQLException {
        with(sql, PreparedStatement::execute);
    }

    /** Returns the number of rows changed. */
    int update(String sql, Bind bind) throws SQLException {
        return with(sql, statement -> {
            bind.to(new Binder(statement));
            return statement.executeUpdate();
        });
    }

    /** Runs a statement once for each record, as one batch: the driver's own work comes once, not with every row. */
    <T> void updateAll(String sql, List<T> records, BindRecord<T> bind) throws SQLException {
        try {
            with(sql, statement -> batch(statement, records, bind));
        } catch (BatchUpdateException refused) {
            // The batch does not say why. What it wrote is still there; going one by one tells, or finds all well.
            for (T record : records) {
                update(sql, binder -> bind.to(binder, record));
            }
        }
    }

    private static <T> int[] batch(PreparedStatement statement, List<T> records, BindRecord<T> bind)
            throws SQLException {
        try {
            for (T record : records) {
                bind.to(new Binder(statement), record);
                statement.addBatch();
            }
            return statement.executeBatch();
        } finally {
            statement.clearBatch();
        }
    }

    <T> List<T> list(String sql, Bind bind, Read<T> read) throws SQLException {
        return with(sql, statement -> {
            bind.to(new Binder(statement));
            try (ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                Row row = new Row(result);
                while (row.next()) {
                    rows.add(read.from(row));
                }
                return rows;
            }
        });
    }

    /** The first row, if there is one. */
    <T> Optional<T> first(String sql, Bind bind, Read<T> read) throws SQLException {
        return with(sql, statement -> {
            bind.to(new Binder(statement));
            try (ResultSet result = statement.executeQuery()) {
                Row row = new Row(result);
                return row.next() ? Optional.of(read.from(row)) : Optional.empty();
            }
        });
    }

    /** Prepares a statement once; one that failed is prepared anew, because the driver may have closed it. */
    private <T> T with(String sql, Use<T> use) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        try {
            return use.of(statement);
        } catch (SQLException e) {
            statements.remove(sql).close();
            throw e;
        }
    }

    @FunctionalInterface
    private interface Use<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    @Override
    public void close() throws SQLException {
        try {
            for (PreparedStatement statement : statements.values()) {
                statement.close();
            }
        } finally {
            connection.close();
        }
    }
}
