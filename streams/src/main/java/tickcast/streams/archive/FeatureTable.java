package tickcast.streams.archive;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/** Served vectors by symbol, as-of and schema: the first stays. */
final class FeatureTable {

    private static final String WRITE = """
            INSERT INTO features (symbol, as_of, schema_hash, known_at, vector, last_price, volatility, missing)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String READ = """
            SELECT as_of, known_at, schema_hash, vector, last_price, volatility, missing
            FROM features WHERE symbol = ? AND as_of >= ? AND as_of < ?
            """;

    private FeatureTable() {}

    static void write(Session session, List<FeatureVector> vectors) throws SQLException {
        session.updateAll(WRITE, vectors, FeatureTable::bind);
    }

    private static void bind(Binder binder, FeatureVector vector) throws SQLException {
        binder.text(vector.symbol().name())
                .integer(vector.asOf().toEpochMilli())
                .text(vector.schemaHash())
                .integer(Times.micros(vector.knownAt()))
                .reals(vector.values())
                .real(vector.lastPrice())
                .real(vector.volatility())
                .text(vector.missing());
    }

    static List<FeatureVector> read(Session session, Symbol symbol, Page page) throws SQLException {
        Range range = Range.millis(page);
        return range.oldestFirst(session.list(
                READ + range.orderBy("as_of", "schema_hash"),
                binder -> binder.text(symbol.name()).range(range),
                row -> new FeatureVector(
                        symbol,
                        Instant.ofEpochMilli(row.integer()),
                        Times.ofMicros(row.integer()),
                        row.text(),
                        row.reals(),
                        row.real(),
                        row.real(),
                        row.text())));
    }
}
