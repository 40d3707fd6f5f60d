package tickcast.streams.archive;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Predictions by symbol, target time and model version, which is what their id says. The first of an id stays, and so
 * does the first published one of a symbol and as-of. {@code waiting} marks those with figures that have no error yet.
 */
final class PredictionTable {

    /** What {@link #prediction} reads, in its order. */
    static final String COLUMNS = """
            p.as_of, p.made_at, p.target, p.last_price, p.predicted_price, p.expected_return, p.intervals,
            p.probability_up, p.model_version, p.schema_hash, p.status, p.reason, p.published, p.volatility,
            p.calibration
            """;

    private static final String INSERT = """
            INSERT INTO predictions (symbol, as_of, made_at, target, last_price, predicted_price, expected_return,
              intervals, probability_up, model_version, schema_hash, status, reason, published, volatility, calibration,
              waiting)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String SELECT = "SELECT " + COLUMNS + " FROM predictions p WHERE p.symbol = ?";

    private final String source;

    /** @param source the label that every prediction of this archive carries */
    PredictionTable(String source) {
        this.source = source;
    }

    /** Returns what is stored for each, in order. */
    List<Prediction> write(Session session, List<Prediction> predictions) throws SQLException {
        List<Prediction> stored = new ArrayList<>(predictions.size());
        for (Prediction prediction : predictions) {
            stored.add(write(session, prediction));
        }
        return stored;
    }

    private Prediction write(Session session, Prediction prediction) throws SQLException {
        if (insert(session, prediction)) {
            return prediction;
        }
        if (prediction.published()) {
            Optional<Prediction> winner = published(session, prediction);
            if (winner.isPresent()) {
                return winner.get();
            }
            publish(session, prediction);
        }
        return sameId(session, prediction)
                .orElseThrow(() -> new IllegalStateException("lost track of prediction " + prediction.id()));
    }

    /** Returns false when its id, or another published one of its as-of, was there before. */
    boolean insert(Session session, Prediction prediction) throws SQLException {
        if (!prediction.source().equals(source)) {
            throw new IllegalArgumentException(
                    "sources never mix: this archive is of " + source + ", the prediction of " + prediction.source());
        }
        return session.update(INSERT, binder -> bind(binder, prediction)) == 1;
    }

    private static void bind(Binder binder, Prediction prediction) throws SQLException {
        binder.text(prediction.symbol().name())
                .integer(prediction.asOf().toEpochMilli())
                .integer(Times.micros(prediction.madeAt()))
                .integer(prediction.targetTime().toEpochMilli())
                .real(prediction.lastPrice())
                .real(prediction.predictedPrice())
                .real(prediction.expectedReturn())
                .reals(flat(prediction.intervals()))
                .real(prediction.probabilityUp())
                .text(prediction.modelVersion())
                .text(prediction.schemaHash())
                .text(prediction.status().name())
                .text(prediction.reason() == null ? null : prediction.reason().name())
                .flag(prediction.published())
                .real(prediction.volatility())
                .reals(prediction.calibration())
                .flag(prediction.hasFigures());
    }

    private Optional<Prediction> published(Session session, Prediction prediction) throws SQLException {
        return session.first(
                SELECT + " AND p.published = 1 AND p.as_of = ?",
                binder -> binder.text(prediction.symbol().name())
                        .integer(prediction.asOf().toEpochMilli()),
                row -> prediction(prediction.symbol(), row));
    }

    private Optional<Prediction> sameId(Session session, Prediction prediction) throws SQLException {
        return session.first(
                SELECT + " AND p.target = ? AND p.model_version = ?",
                binder -> bindId(binder, prediction),
                row -> prediction(prediction.symbol(), row));
    }

    /** A shadow whose model speaks by now becomes the published one of its as-of, with the figures it had. */
    private static void publish(Session session, Prediction prediction) throws SQLException {
        session.update(
                "UPDATE predictions SET published = 1"
                        + " WHERE symbol = ? AND target = ? AND model_version = ? AND as_of = ?",
                binder -> bindId(binder, prediction).integer(prediction.asOf().toEpochMilli()));
    }

    /** The row that errors refer to. */
    static Optional<Long> number(Session session, Prediction prediction) throws SQLException {
        return session.first(
                "SELECT number FROM predictions WHERE symbol = ? AND target = ? AND model_version = ?",
                binder -> bindId(binder, prediction),
                Row::integer);
    }

    private static Binder bindId(Binder binder, Prediction prediction) throws SQLException {
        return binder.text(prediction.symbol().name())
                .integer(prediction.targetTime().toEpochMilli())
                .text(prediction.modelVersion());
    }

    /** Published ones, by as-of. */
    List<Prediction> read(Session session, Symbol symbol, Page page) throws SQLException {
        Range range = Range.millis(page);
        return range.oldestFirst(session.list(
                SELECT + " AND p.published = 1 AND p.as_of >= ? AND p.as_of < ?" + range.orderBy("p.as_of"),
                binder -> binder.text(symbol.name()).range(range),
                row -> prediction(symbol, row)));
    }

    /** Those that wait for an error, by target time. */
    List<Prediction> waiting(Session session, Symbol symbol, Range targets) throws SQLException {
        return session.list(
                SELECT + " AND p.waiting = 1 AND p.target >= ? AND p.target < ?"
                        + targets.orderBy("p.target", "p.as_of", "p.model_version"),
                binder -> binder.text(symbol.name()).range(targets),
                row -> prediction(symbol, row));
    }

    /** Reads {@link #COLUMNS}. */
    Prediction prediction(Symbol symbol, Row row) throws SQLException {
        return new Prediction(
                symbol,
                source,
                Instant.ofEpochMilli(row.integer()),
                Times.ofMicros(row.integer()),
                Instant.ofEpochMilli(row.integer()),
                row.real(),
                row.real(),
                row.real(),
                intervals(row.reals()),
                row.real(),
                row.text(),
                row.text(),
                Status.valueOf(row.text()),
                reason(row.text()),
                row.flag(),
                row.real(),
                row.reals());
    }

    /** The column is NULL exactly when the prediction is live. */
    private static Reason reason(String name) {
        return name == null ? null : Reason.valueOf(name);
    }

    private static double[] flat(List<Interval> intervals) {
        double[] values = new double[intervals.size() * 3];
        int next = 0;
        for (Interval interval : intervals) {
            values[next++] = interval.coverage();
            values[next++] = interval.low();
            values[next++] = interval.high();
        }
        return values;
    }

    private static List<Interval> intervals(double[] flat) {
        List<Interval> intervals = new ArrayList<>(flat.length / 3);
        for (int i = 0; i < flat.length; i += 3) {
            intervals.add(new Interval(flat[i], flat[i + 1], flat[i + 2]));
        }
        return List.copyOf(intervals);
    }
}
