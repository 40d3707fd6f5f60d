package tickcast.streams.archive;

import java.sql.SQLException;
import java.util.List;

/**
 * The tables, and the way from one version of them to the next. {@code PRAGMA user_version} counts the steps that a file
 * has gone; a step once released is never edited, only followed by another.
 *
 * <p>Measured quantities have columns without a type: a REAL column would turn −0.0 into 0. Prices and the like take nine
 * bytes, a candle about 100, a prediction about 250. Candle times are epoch minutes; as-of, target and publication times
 * epoch milliseconds; known-at, made-at and matured-at epoch microseconds.
 */
final class Schema {

    private static final String VERSION_1 = """
            CREATE TABLE candles (
              symbol TEXT NOT NULL, minute INTEGER NOT NULL,
              open NOT NULL, high NOT NULL, low NOT NULL, close NOT NULL,
              volume, notional, buy_volume,
              trades INTEGER NOT NULL, first_trade_id INTEGER NOT NULL, last_trade_id INTEGER NOT NULL,
              quality INTEGER NOT NULL, revision INTEGER NOT NULL, known_at INTEGER NOT NULL, imported INTEGER NOT NULL,
              PRIMARY KEY (symbol, minute)) WITHOUT ROWID;

            CREATE TABLE features (
              number INTEGER PRIMARY KEY,
              symbol TEXT NOT NULL, as_of INTEGER NOT NULL, schema_hash TEXT NOT NULL,
              known_at INTEGER NOT NULL, vector BLOB NOT NULL, last_price, volatility, missing TEXT NOT NULL,
              UNIQUE (symbol, as_of, schema_hash));

            CREATE TABLE sentiment (
              number INTEGER PRIMARY KEY,
              news_id TEXT NOT NULL, symbol TEXT NOT NULL, scorer TEXT NOT NULL,
              score, confidence, reason TEXT NOT NULL, title TEXT NOT NULL, link TEXT NOT NULL,
              published_at INTEGER NOT NULL, known_at INTEGER NOT NULL,
              UNIQUE (news_id, symbol, scorer));
            CREATE INDEX sentiment_known_at ON sentiment (symbol, known_at);

            CREATE TABLE predictions (
              number INTEGER PRIMARY KEY,
              symbol TEXT NOT NULL, target INTEGER NOT NULL, model_version TEXT NOT NULL,
              as_of INTEGER NOT NULL, made_at INTEGER NOT NULL,
              last_price, predicted_price, expected_return, intervals BLOB NOT NULL, probability_up,
              schema_hash TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, published INTEGER NOT NULL,
              volatility, calibration BLOB NOT NULL,
              waiting INTEGER NOT NULL,
              UNIQUE (symbol, target, model_version));
            CREATE UNIQUE INDEX predictions_published ON predictions (symbol, as_of) WHERE published = 1;
            CREATE INDEX predictions_waiting ON predictions (symbol, target) WHERE waiting = 1;

            CREATE TABLE errors (
              prediction INTEGER PRIMARY KEY,
              symbol TEXT NOT NULL, target INTEGER NOT NULL, matured_at INTEGER NOT NULL,
              scored INTEGER NOT NULL, unscored_reason TEXT, actual_price, actual_revision INTEGER NOT NULL,
              error, naive_error, inside TEXT NOT NULL);
            CREATE INDEX errors_target ON errors (symbol, target);

            CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            """;

    private static final String VERSION_2 = "ALTER TABLE candles ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0";

    static final List<String> STEPS = List.of(VERSION_1, VERSION_2);

    private Schema() {}

    /** The version that this program writes. */
    static int version() {
        return STEPS.size();
    }

    /**
     * Brings the file to this program's version, each step whole or not at all.
     *
     * @throws IllegalStateException when a newer program has written the file
     */
    static void migrate(Session session) throws SQLException {
        migrate(session, STEPS);
    }

    static void migrate(Session session, List<String> steps) throws SQLException {
        session.execute("BEGIN IMMEDIATE");
        try {
            int version = versionOf(session);
            if (version > steps.size()) {
                throw new IllegalStateException("the archive is of version " + version
                        + ", written by a newer Tickcast; this one knows versions up to " + steps.size());
            }
            for (String step : steps.subList(version, steps.size())) {
                for (String statement : step.split(";")) {
                    if (!statement.isBlank()) {
                        session.execute(statement);
                    }
                }
            }
            session.execute("PRAGMA user_version = " + steps.size());
            session.execute("COMMIT");
        } catch (SQLException | RuntimeException e) {
            session.execute("ROLLBACK");
            throw e;
        }
    }

    static int versionOf(Session session) throws SQLException {
        return session.first("PRAGMA user_version", binder -> {}, row -> (int) row.integer())
                .orElseThrow();
    }
}
