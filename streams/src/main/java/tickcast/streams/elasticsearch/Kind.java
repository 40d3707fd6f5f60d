package tickcast.streams.elasticsearch;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Times;
import tickcast.model.sentiment.Sentiment;
import tickcast.streams.record.RecordCodec;

/**
 * One kind of record: where it lies and under which id. An index holds a month by the record's own time.
 *
 * @param name plural, as in {@code tickcast-candles-2026.01}
 * @param timeField what the month goes by and pages are cut by
 * @param nanos whether that field is kept finer than milliseconds
 * @param order the fields behind the time that make the order of records total, {@code -} before those that fall
 * @param idParts what tells records of one source apart
 * @param more what a document has beside its record, for the server to reckon with
 */
record Kind<T>(
        String name,
        RecordCodec<T> codec,
        String timeField,
        boolean nanos,
        Function<T, Instant> time,
        List<String> order,
        Function<T, List<String>> idParts,
        RecordCodec.More<T> more) {

    Kind(
            String name,
            RecordCodec<T> codec,
            String timeField,
            boolean nanos,
            Function<T, Instant> time,
            List<String> order,
            Function<T, List<String>> idParts) {
        this(name, codec, timeField, nanos, time, order, idParts, (out, fact) -> {});
    }

    static final Kind<Candle> CANDLES = new Kind<>(
            "candles",
            RecordCodec.CANDLE,
            "openTime",
            false,
            Candle::openTime,
            List.of(),
            candle -> List.of(candle.symbol().name(), Times.iso(candle.openTime())));

    static final Kind<FeatureVector> FEATURES = new Kind<>(
            "features",
            RecordCodec.FEATURES,
            "asOf",
            false,
            FeatureVector::asOf,
            List.of("schemaHash"),
            vector -> List.of(vector.symbol().name(), Times.iso(vector.asOf()), vector.schemaHash()));

    static final Kind<Sentiment> SENTIMENT = new Kind<>(
            "sentiment",
            RecordCodec.SENTIMENT,
            "knownAt",
            true,
            Sentiment::knownAt,
            List.of("id", "scorer"),
            scored -> List.of(scored.newsId(), scored.symbol(), scored.scorer()));

    /** Published ones by symbol and as-of, of which there is one; shadows by their own id. */
    static final Kind<Prediction> PREDICTIONS = new Kind<>(
            "predictions",
            RecordCodec.PREDICTION,
            "asOf",
            false,
            Prediction::asOf,
            List.of(),
            made -> made.published()
                    ? List.of(made.symbol().name(), Times.iso(made.asOf()))
                    : List.of(made.symbol().name(), Times.iso(made.targetTime()), made.modelVersion()));

    static final Kind<PredictionError> ERRORS = new Kind<>(
            "errors",
            RecordCodec.ERROR,
            "targetTime",
            false,
            error -> error.prediction().targetTime(),
            List.of("-published", "modelVersion"),
            error -> List.of(error.prediction().id()),
            ErrorAdder::writeTally);

    static final List<Kind<?>> ALL = List.of(CANDLES, FEATURES, SENTIMENT, PREDICTIONS, ERRORS);

    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("uuuu.MM");
    /** More than so many months are asked for by the alias. */
    private static final int MOST_MONTHS_NAMED = 4;
    /** Elasticsearch takes ids of 512 bytes. */
    private static final int LONGEST_ID = 400;

    /** {@code kraken|BTC/USD|2026-01-05T12:00:00.000Z}; a very long one is replaced by its digest. */
    String id(String source, T fact) {
        String id = source + "|" + String.join("|", idParts.apply(fact));
        return id.length() <= LONGEST_ID ? id : digest(id);
    }

    private static String digest(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Also the name of the read alias. */
    String alias(String prefix) {
        return prefix + "-" + name;
    }

    /** All indices of this kind. */
    String pattern(String prefix) {
        return alias(prefix) + "-*";
    }

    /** The index that a fact lies in. */
    String index(String prefix, T fact) {
        return index(prefix, monthOf(time.apply(fact)));
    }

    private String index(String prefix, YearMonth month) {
        return alias(prefix) + "-" + MONTH.format(month);
    }

    /** The month that an index holds, if it is one of this kind's. */
    Optional<YearMonth> month(String prefix, String index) {
        String head = alias(prefix) + "-";
        try {
            return index.startsWith(head)
                    ? Optional.of(YearMonth.parse(index.substring(head.length()), MONTH))
                    : Optional.empty();
        } catch (DateTimeParseException another) {
            return Optional.empty();
        }
    }

    /** Where to look for records of {@code [from, to)}: single months when it is a few, the alias otherwise. */
    List<String> indices(String prefix, Instant from, Instant to) {
        List<String> names = new ArrayList<>();
        if (from.isAfter(Instant.EPOCH) && to.isBefore(Instant.parse("9999-01-01T00:00:00Z")) && from.isBefore(to)) {
            YearMonth last = monthOf(to);
            for (YearMonth month = monthOf(from);
                    !month.isAfter(last) && names.size() <= MOST_MONTHS_NAMED;
                    month = month.plusMonths(1)) {
                names.add(index(prefix, month));
            }
        }
        return names.isEmpty() || names.size() > MOST_MONTHS_NAMED ? List.of(alias(prefix)) : names;
    }

    static YearMonth monthOf(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }
}
