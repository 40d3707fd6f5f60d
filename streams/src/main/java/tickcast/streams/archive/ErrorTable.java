package tickcast.streams.archive;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/** Errors, one per stored prediction: the first stays. What the prediction said is read from its own row. */
final class ErrorTable {

    private static final String INSERT = """
            INSERT INTO errors (prediction, symbol, target, matured_at, scored, unscored_reason, actual_price,
              actual_revision, error, naive_error, inside)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """;

    private static final String SELECT = "SELECT " + PredictionTable.COLUMNS
            + ", e.matured_at, e.scored, e.unscored_reason, e.actual_price, e.actual_revision, e.error, e.naive_error,"
            + " e.inside FROM errors e CROSS JOIN predictions p ON p.number = e.prediction"
            + " WHERE e.symbol = ? AND e.target >= ? AND e.target < ?";

    private final PredictionTable predictions;

    ErrorTable(PredictionTable predictions) {
        this.predictions = predictions;
    }

    void write(Session session, List<PredictionError> errors) throws SQLException {
        for (PredictionError error : errors) {
            long number = numberOf(session, error.prediction());
            session.update(INSERT, binder -> bind(binder, number, error));
            session.update("UPDATE predictions SET waiting = 0 WHERE number = ? AND waiting = 1", binder -> {
                binder.integer(number);
            });
        }
    }

    /** An error may come where its prediction is not known, by an import for instance: then both are kept. */
    private long numberOf(Session session, Prediction prediction) throws SQLException {
        Optional<Long> known = PredictionTable.number(session, prediction);
        if (known.isPresent()) {
            return known.get();
        }
        predictions.insert(session, prediction);
        return PredictionTable.number(session, prediction)
                .orElseThrow(() -> new IllegalArgumentException(
                        "another published prediction is stored for the as-of of " + prediction.id()));
    }

    private static void bind(Binder binder, long number, PredictionError error) throws SQLException {
        binder.integer(number)
                .text(error.prediction().symbol().name())
                .integer(error.prediction().targetTime().toEpochMilli())
                .integer(Times.micros(error.maturedAt()))
                .flag(error.scored())
                .text(error.unscoredReason())
                .real(error.actualPrice())
                .integer(error.actualRevision())
                .real(error.error())
                .real(error.naiveError())
                .text(flags(error.inside()));
    }

    /** Errors of published predictions, by target time. */
    List<PredictionError> published(Session session, Symbol symbol, Page page) throws SQLException {
        return read(session, " AND p.published = 1", symbol, page);
    }

    /** Errors of every prediction, by target time. */
    List<PredictionError> all(Session session, Symbol symbol, Page page) throws SQLException {
        return read(session, "", symbol, page);
    }

    private List<PredictionError> read(Session session, String which, Symbol symbol, Page page) throws SQLException {
        Range range = Range.millis(page);
        return range.oldestFirst(session.list(
                SELECT + which + range.orderBy("e.target", "e.prediction"),
                binder -> binder.text(symbol.name()).range(range),
                row -> new PredictionError(
                        predictions.prediction(symbol, row),
                        Times.ofMicros(row.integer()),
                        row.flag(),
                        row.text(),
                        row.real(),
                        (int) row.integer(),
                        row.real(),
                        row.real(),
                        flags(row.text()))));
    }

    /** One digit each, 1 = true. */
    private static String flags(List<Boolean> values) {
        StringBuilder digits = new StringBuilder(values.size());
        values.forEach(value -> digits.append(value ? '1' : '0'));
        return digits.toString();
    }

    private static List<Boolean> flags(String digits) {
        List<Boolean> values = new ArrayList<>(digits.length());
        for (int i = 0; i < digits.length(); i++) {
            values.add(digits.charAt(i) == '1');
        }
        return List.copyOf(values);
    }
}
