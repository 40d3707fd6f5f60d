package tickcast.streams.exchange.kraken;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/**
 * Reads WebSocket v2 messages in one pass, whatever the order of their keys. Never fails: what can't be read is a
 * {@link Frame.Garbage}, a bad trade is counted in its {@link Frame.Trades} and costs only itself.
 *
 * <p>Single-threaded; it reuses its fields from one frame to the next.
 */
final class KrakenFrames {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .build();
    private static final Set<String> OTHER_CHANNELS =
            Set.of("ticker", "book", "ohlc", "level3", "instrument", "executions", "balances");

    private static final String TRADE = "trade";
    private static final String UPDATE = "update";

    private final Map<String, Symbol> followed = new HashMap<>();
    private String lastName = "";
    private Optional<Symbol> lastSymbol = Optional.empty();

    private String channel;
    private String type;
    private String method;
    private String error;
    private String symbolName;
    private String resultChannel;
    private Optional<Boolean> success = Optional.empty();
    private String system;
    private long sentMicros;
    private boolean hasData;
    private List<Trade> trades;
    private int malformed;
    private int foreign;

    KrakenFrames(List<Symbol> symbols) {
        symbols.forEach(symbol -> followed.put(symbol.name(), symbol));
    }

    /** Reads a text message. */
    Frame decode(String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            return read(parser);
        } catch (IOException garbage) {
            return new Frame.Garbage(reasonOf(garbage));
        }
    }

    /** Reads a message's UTF-8 bytes. */
    Frame decode(byte[] utf8) {
        try (JsonParser parser = JSON.createParser(utf8)) {
            return read(parser);
        } catch (IOException garbage) {
            return new Frame.Garbage(reasonOf(garbage));
        }
    }

    private static String reasonOf(IOException garbage) {
        String message = garbage instanceof JsonProcessingException json ? json.getOriginalMessage() : "unreadable";
        return message.substring(0, Math.min(message.length(), 200));
    }

    private Frame read(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return new Frame.Garbage("not a JSON object");
        }
        forget();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            readField(parser, key);
        }
        if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
            return new Frame.Garbage("more than one JSON object");
        }
        return frame();
    }

    private void forget() {
        channel = "";
        type = "";
        method = "";
        error = "";
        symbolName = "";
        resultChannel = "";
        system = "";
        success = Optional.empty();
        sentMicros = ExchangeTime.UNKNOWN;
        hasData = false;
        trades = new ArrayList<>(2);
        malformed = 0;
        foreign = 0;
    }

    private void readField(JsonParser parser, String key) throws IOException {
        switch (key) {
            case "channel" -> channel = isText(parser, TRADE) ? TRADE : text(parser);
            case "type" -> type = isText(parser, UPDATE) ? UPDATE : text(parser);
            case "method" -> method = text(parser);
            case "error" -> error = text(parser);
            case "symbol" -> symbolName = text(parser);
            case "success" -> success = Optional.of(parser.getValueAsBoolean());
            case "time_out" -> sentMicros = time(parser);
            case "result" -> readResult(parser);
            case "data" -> readData(parser);
            default -> parser.skipChildren();
        }
    }

    private void readResult(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            parser.nextToken();
            switch (key) {
                case "channel" -> resultChannel = text(parser);
                case "symbol" -> symbolName = text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void readData(JsonParser parser) throws IOException {
        boolean ofUse = channel.isEmpty() || channel.equals(TRADE) || channel.equals("status");
        if (!ofUse || parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        hasData = true;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                readItem(parser);
            } else if (token == null) {
                return;
            } else {
                parser.skipChildren();
                malformed++;
            }
        }
    }

    /** One object below {@code data}: a trade, or a status. */
    private void readItem(JsonParser parser) throws IOException {
        Optional<Symbol> symbol = Optional.empty();
        boolean named = false;
        Side side = Side.UNKNOWN;
        double price = Double.NaN;
        double quantity = Double.NaN;
        long id = -1;
        long micros = ExchangeTime.UNKNOWN;
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            switch (key) {
                case "symbol" -> {
                    named = value == JsonToken.VALUE_STRING;
                    symbol = named ? symbol(parser) : Optional.empty();
                }
                case "side" -> {
                    side = side(parser);
                    parser.skipChildren();
                }
                case "price" -> price = number(parser, value);
                case "qty" -> quantity = number(parser, value);
                case "trade_id" -> id = id(parser, value);
                case "timestamp" -> micros = time(parser);
                case "system" -> system = text(parser);
                default -> parser.skipChildren();
            }
        }
        boolean sound = id >= 0 && micros != ExchangeTime.UNKNOWN && isPositive(price) && isPositive(quantity);
        if (symbol.isPresent() && sound) {
            trades.add(new Trade(symbol.get(), id, micros, price, quantity, side));
        } else if (named && sound) {
            foreign++;
        } else {
            malformed++;
        }
    }

    private static boolean isPositive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken().isScalarValue()) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }

    /** The followed symbol of that name; trades of one symbol come in a row. */
    private Optional<Symbol> symbol(JsonParser parser) throws IOException {
        if (!isText(parser, lastName)) {
            lastName = parser.getText();
            lastSymbol = Optional.ofNullable(followed.get(lastName));
        }
        return lastSymbol;
    }

    private static Side side(JsonParser parser) throws IOException {
        if (isText(parser, "buy")) {
            return Side.BUY;
        }
        return isText(parser, "sell") ? Side.SELL : Side.UNKNOWN;
    }

    /** Whether the current value is this text; makes no String. */
    private static boolean isText(JsonParser parser, String text) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || parser.getTextLength() != text.length()) {
            return false;
        }
        char[] chars = parser.getTextCharacters();
        int offset = parser.getTextOffset();
        for (int i = 0; i < text.length(); i++) {
            if (chars[offset + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static double number(JsonParser parser, JsonToken value) throws IOException {
        if (value.isNumeric()) {
            return parser.getDoubleValue();
        }
        if (value == JsonToken.VALUE_STRING) {
            return parser.getValueAsDouble(Double.NaN);
        }
        parser.skipChildren();
        return Double.NaN;
    }

    private static long id(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return parser.getLongValue();
        }
        parser.skipChildren();
        return -1;
    }

    private static long time(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return ExchangeTime.ofIso(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
        }
        parser.skipChildren();
        return ExchangeTime.UNKNOWN;
    }

    private Frame frame() {
        return switch (channel) {
            case "trade" ->
                hasData
                        ? new Frame.Trades(type.equals("snapshot"), trades, malformed, foreign)
                        : new Frame.Other("unknown");
            case "heartbeat" -> new Frame.Heartbeat();
            case "status" -> new Frame.Status(system);
            case "" -> answer();
            default -> new Frame.Other(OTHER_CHANNELS.contains(channel) ? channel : "unknown");
        };
    }

    private Frame answer() {
        if (method.equals("pong")) {
            return new Frame.Pong(sentMicros);
        }
        if (!error.isEmpty() || success.equals(Optional.of(false))) {
            return new Frame.Refused(method, symbolName, error);
        }
        if (success.equals(Optional.of(true)) && !method.isEmpty()) {
            return new Frame.Granted(method, resultChannel, symbol(), sentMicros);
        }
        return new Frame.Other("unknown");
    }

    private Optional<Symbol> symbol() {
        return Optional.ofNullable(followed.get(symbolName));
    }
}
