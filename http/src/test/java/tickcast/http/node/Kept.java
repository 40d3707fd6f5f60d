package tickcast.http.node;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.archive.EmbeddedArchive;

/** Everything that a run left in its store. Numbers are compared as texts, which two doubles share only bit for bit. */
record Kept(
        List<Candle> candles,
        List<FeatureVector> features,
        List<Prediction> predictions,
        List<PredictionError> errors) {

    private static final int EXCERPT = 40;
    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    static Kept read(Path dataDirectory, MarketSource source, List<Symbol> symbols) {
        try (Archive archive = EmbeddedArchive.open(dataDirectory, source)) {
            return read(archive, symbols);
        }
    }

    static Kept read(Archive archive, List<Symbol> symbols) {
        List<Candle> candles = new ArrayList<>();
        List<FeatureVector> features = new ArrayList<>();
        List<Prediction> predictions = new ArrayList<>();
        List<PredictionError> errors = new ArrayList<>();
        for (Symbol symbol : symbols) {
            candles.addAll(await(archive.candles(symbol, ALL)));
            features.addAll(await(archive.features(symbol, ALL)));
            predictions.addAll(await(archive.predictions(symbol, ALL)));
            errors.addAll(await(archive.allErrors(symbol, ALL)));
        }
        return new Kept(candles, features, predictions, errors);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** What SQLite says of the file: {@code ok} when it is intact. */
    static String integrity(Path dataDirectory, MarketSource source) throws SQLException {
        return query(dataDirectory, source, "PRAGMA integrity_check");
    }

    /** How many rows a table has. */
    static long rows(Path dataDirectory, MarketSource source, String table) throws SQLException {
        return Long.parseLong(query(dataDirectory, source, "SELECT count(*) FROM " + table));
    }

    private static String query(Path dataDirectory, MarketSource source, String sql) throws SQLException {
        String url = "jdbc:sqlite:" + EmbeddedArchive.file(dataDirectory, source);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return result.getString(1);
        }
    }

    /** The part that belongs to as-ofs, target times and minutes from {@code from} to {@code to}, both inclusive. */
    Kept between(Instant from, Instant to) {
        Predicate<Instant> within = time -> !time.isBefore(from) && !time.isAfter(to);
        return new Kept(
                candles.stream().filter(c -> within.test(c.closeTime())).toList(),
                features.stream().filter(f -> within.test(f.asOf())).toList(),
                predictions.stream().filter(p -> within.test(p.asOf())).toList(),
                errors.stream()
                        .filter(e -> within.test(e.prediction().asOf())
                                && within.test(e.prediction().targetTime()))
                        .toList());
    }

    // --- as texts

    /** What every source knows of a minute; flow, ids, quality's kind, revision, known-at and origin are left out. */
    Map<String, String> candleTexts() {
        return texts(candles, c -> c.symbol() + " " + c.openTime(), Kept::market);
    }

    private static String market(Candle c) {
        return String.join(
                " ",
                numbers(c.open(), c.high(), c.low(), c.close(), c.volume(), c.notional()),
                Integer.toString(c.trades()),
                c.quality().isWhole() ? "whole" : "partial");
    }

    /** As {@link #candleTexts} with everything but known-at. */
    Map<String, String> wholeCandleTexts() {
        return texts(
                candles,
                c -> c.symbol() + " " + c.openTime(),
                c -> market(c) + " " + c.firstTradeId() + " " + c.lastTradeId() + " " + c.buyVolume() + " "
                        + c.quality() + " " + c.revision() + " " + c.imported());
    }

    /** Vectors by symbol and as-of, values in schema order; known-at is left out. */
    Map<String, String> featureTexts() {
        return texts(
                features,
                f -> f.symbol() + " " + f.asOf() + " " + f.schemaHash(),
                f -> Arrays.toString(f.values()) + " " + numbers(f.lastPrice(), f.volatility()) + " " + f.missing());
    }

    /** All but source and made-at. */
    Map<String, String> predictionTexts() {
        return texts(predictions);
    }

    /** The same of predictions from elsewhere. */
    static Map<String, String> texts(List<Prediction> predictions) {
        return texts(predictions, p -> p.symbol() + " " + p.asOf(), Kept::text);
    }

    private static String text(Prediction p) {
        return String.join(
                " ",
                p.id(),
                numbers(p.lastPrice(), p.predictedPrice(), p.expectedReturn(), p.probabilityUp(), p.volatility()),
                p.intervals().toString(),
                Arrays.toString(p.calibration()),
                p.modelVersion() + " " + p.schemaHash() + " " + p.status() + " " + p.reason() + " " + p.published());
    }

    /** All but source, made-at and matured-at. */
    Map<String, String> errorTexts() {
        return texts(
                errors,
                PredictionError::id,
                e -> text(e.prediction()) + " "
                        + e.scored() + " " + e.unscoredReason() + " " + e.actualRevision() + " " + e.inside() + " "
                        + numbers(e.actualPrice(), e.error(), e.naiveError()));
    }

    private static String numbers(double... values) {
        return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    /** @throws AssertionError when a key comes twice */
    private static <T> Map<String, String> texts(List<T> records, Function<T, String> key, Function<T, String> text) {
        Map<String, String> texts = new TreeMap<>();
        for (T each : records) {
            if (texts.put(key.apply(each), text.apply(each)) != null) {
                throw new AssertionError(key.apply(each) + " is kept twice");
            }
        }
        return texts;
    }

    private static String excerpt(String text, int from) {
        return text.substring(Math.min(from, text.length()), Math.min(from + 3 * EXCERPT, text.length()));
    }

    /** One line for each key whose texts differ, or that only one side has. */
    static List<String> differences(Map<String, String> wanted, Map<String, String> seen) {
        List<String> differences = new ArrayList<>();
        wanted.forEach((key, text) -> {
            String other = seen.getOrDefault(key, "nothing");
            if (!text.equals(other)) {
                int at = Math.max(0, Arrays.mismatch(text.toCharArray(), other.toCharArray()) - EXCERPT);
                differences.add(key + ": wanted …" + excerpt(text, at) + "…, seen …" + excerpt(other, at) + "…");
            }
        });
        seen.keySet().stream()
                .filter(key -> !wanted.containsKey(key))
                .forEach(key -> differences.add(key + " was not wanted: " + seen.get(key)));
        return differences;
    }
}
