package tickcast.streams.exchange.kraken;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/**
 * Reads REST answers of any age: results keyed by the old or the new name of a pair, trades of six columns (no id) or seven.
 * A bad row costs only itself. Stateless.
 *
 * <p>Every method throws {@link KrakenRestException}: the exchange's own error, or MALFORMED.
 */
final class RestAnswers {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();

    private RestAnswers() {}

    /** @param malformed rows that were no candle; the uncommitted last row is left out */
    record Ohlc(List<HistoryCandle> candles, int malformed) {}

    private record Row(List<String> columns) {

        Optional<Trade> trade(Symbol symbol) {
            if (columns.size() < 6) {
                return Optional.empty();
            }
            try {
                long micros = ExchangeTime.ofSeconds(columns.get(2));
                long id = columns.size() > 6 ? Long.parseLong(columns.get(6)) : -1;
                return micros == ExchangeTime.UNKNOWN
                        ? Optional.empty()
                        : Optional.of(new Trade(symbol, id, micros, number(0), number(1), side(columns.get(3))));
            } catch (IllegalArgumentException noTrade) {
                return Optional.empty();
            }
        }

        Optional<HistoryCandle> candle() {
            if (columns.size() < 8) {
                return Optional.empty();
            }
            try {
                Instant open = Instant.ofEpochSecond(Long.parseLong(columns.get(0)));
                boolean priced = number(1) > 0 && number(2) > 0 && number(3) > 0 && number(4) > 0 && number(6) >= 0;
                return priced && open.getEpochSecond() % 60 == 0
                        ? Optional.of(new HistoryCandle(
                                open,
                                number(1),
                                number(2),
                                number(3),
                                number(4),
                                number(5),
                                number(6),
                                Integer.parseInt(columns.get(7))))
                        : Optional.empty();
            } catch (IllegalArgumentException noCandle) {
                return Optional.empty();
            }
        }

        private double number(int column) {
            return Double.parseDouble(columns.get(column));
        }

        private static Side side(String letter) {
            return switch (letter) {
                case "b" -> Side.BUY;
                case "s" -> Side.SELL;
                default -> Side.UNKNOWN;
            };
        }
    }

    /** The rows of a pair and the cursor behind them. */
    private record Table(List<Row> rows, String last) {}

    /** Reads {@code Trades}. */
    static TradesPage trades(Symbol symbol, byte[] utf8) {
        Table table = table(symbol, utf8);
        List<Trade> trades = new ArrayList<>(table.rows().size());
        table.rows().forEach(row -> row.trade(symbol).ifPresent(trades::add));
        int malformed = table.rows().size() - trades.size();
        trades.sort(Comparator.comparingLong(Trade::timeMicros).thenComparingLong(Trade::id));
        return new TradesPage(trades, cursor(table.last()), table.rows().size() >= TradesPage.LIMIT, malformed);
    }

    /** Reads {@code OHLC}; rows behind the cursor, or the newest where there is none, are not committed yet and left out. */
    static Ohlc ohlc(Symbol symbol, byte[] utf8) {
        Table table = table(symbol, utf8);
        List<HistoryCandle> candles = new ArrayList<>(table.rows().size());
        int malformed = 0;
        for (Row row : table.rows()) {
            Optional<HistoryCandle> candle = row.candle();
            malformed += candle.isPresent() ? 0 : 1;
            candle.ifPresent(candles::add);
        }
        candles.sort(Comparator.comparing(HistoryCandle::openTime));
        return new Ohlc(committed(candles, table.last()), malformed);
    }

    private static List<HistoryCandle> committed(List<HistoryCandle> candles, String last) {
        if (last.isEmpty()) {
            return candles.subList(0, Math.max(0, candles.size() - 1));
        }
        long lastCommitted = cursor(last);
        return candles.stream()
                .filter(candle -> candle.openTime().getEpochSecond() <= lastCommitted)
                .toList();
    }

    private static long cursor(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException noCursor) {
            throw malformed("'" + text + "' is no time");
        }
    }

    private static Table table(Symbol symbol, byte[] utf8) {
        return envelope(utf8, parser -> readTable(symbol, parser)).orElseThrow(() -> malformed("no result"));
    }

    private static Table readTable(Symbol symbol, JsonParser parser) throws IOException {
        List<Row> rows = List.of();
        String last = "";
        boolean exact = false;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            boolean ours = Symbol.tryParse(key).filter(symbol::equals).isPresent();
            if (key.equals("last")) {
                last = parser.getText();
            } else if (value == JsonToken.START_ARRAY && (ours || !exact)) {
                rows = readRows(parser);
                exact = ours;
            } else {
                parser.skipChildren();
            }
        }
        return new Table(rows, last);
    }

    private static List<Row> readRows(JsonParser parser) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            List<String> columns = new ArrayList<>(8);
            if (token == JsonToken.START_ARRAY) {
                for (JsonToken c = parser.nextToken(); c != JsonToken.END_ARRAY; c = parser.nextToken()) {
                    columns.add(c.isScalarValue() ? parser.getText() : "");
                    parser.skipChildren();
                }
            } else {
                parser.skipChildren();
            }
            rows.add(new Row(columns));
        }
        return rows;
    }

    private interface ResultReader<T> {
        T read(JsonParser parser) throws IOException;
    }

    /** Reads {@code {"error":[…],"result":{…}}}. */
    private static <T> Optional<T> envelope(byte[] utf8, ResultReader<T> reader) {
        try (JsonParser parser = JSON.createParser(utf8)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("not a JSON object");
            }
            Optional<T> result = Optional.empty();
            for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (key.equals("error")) {
                    failOnError(parser);
                } else if (key.equals("result") && value == JsonToken.START_OBJECT) {
                    result = Optional.of(reader.read(parser));
                } else {
                    parser.skipChildren();
                }
            }
            return result;
        } catch (JsonProcessingException noJson) {
            throw malformed("no JSON, " + noJson.getOriginalMessage());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Texts that begin with E are errors, with W warnings. */
    private static void failOnError(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            String text = token.isScalarValue() ? parser.getText() : "E?";
            if (!text.startsWith("W")) {
                throw KrakenRestException.ofError(text);
            }
        }
    }

    private static KrakenRestException malformed(String what) {
        return new KrakenRestException(KrakenRestException.Kind.MALFORMED, "the answer makes no sense: " + what);
    }
}
