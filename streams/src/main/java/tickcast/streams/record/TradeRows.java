package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;

/** The trades of one record, taken row by row; the symbol may come after them. Single-threaded. */
final class TradeRows {

    /** 9999-12-31. */
    private static final long LATEST_MICROS = 253_402_214_400_000_000L;

    private static final int ID = 1;
    private static final int TIME = 2;
    private static final int PRICE = 4;
    private static final int QUANTITY = 8;
    private static final int SIDE = 16;
    private static final String[] NAMES = {"id", "timeMicros", "price", "quantity", "side"};

    private record Row(long id, long timeMicros, double price, double quantity, Side side) {}

    private final List<Row> rows = new ArrayList<>();

    static void write(JsonGenerator out, String name, List<Trade> trades) throws IOException {
        RecordCodec.require(
                trades.size() <= MarketRecordCodec.MOST_TRADES,
                "a record holds at most " + MarketRecordCodec.MOST_TRADES + " trades, not " + trades.size());
        out.writeArrayFieldStart(name);
        for (Trade trade : trades) {
            out.writeStartObject();
            out.writeNumberField("id", trade.id());
            out.writeNumberField("timeMicros", trade.timeMicros());
            out.writeNumberField("price", trade.price());
            out.writeNumberField("quantity", trade.quantity());
            out.writeStringField("side", trade.side().name());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** Takes the object on whose first token the parser stands. */
    void take(JsonParser parser) throws IOException, MalformedRecord {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MalformedRecord("'trades' must be an array of objects");
        }
        if (rows.size() == MarketRecordCodec.MOST_TRADES) {
            throw new MalformedRecord("'trades' must hold at most " + MarketRecordCodec.MOST_TRADES);
        }
        long id = 0;
        long time = 0;
        double price = 0;
        double quantity = 0;
        Side side = Side.UNKNOWN;
        int seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "id" -> {
                    id = whole(parser, token, name, Long.MAX_VALUE);
                    seen |= ID;
                }
                case "timeMicros" -> {
                    time = whole(parser, token, name, LATEST_MICROS);
                    seen |= TIME;
                }
                case "price" -> {
                    price = positive(parser, token, name);
                    seen |= PRICE;
                }
                case "quantity" -> {
                    quantity = positive(parser, token, name);
                    seen |= QUANTITY;
                }
                case "side" -> {
                    side = side(parser, token);
                    seen |= SIDE;
                }
                default -> parser.skipChildren();
            }
        }
        requireAll(seen);
        rows.add(new Row(id, time, price, quantity, side));
    }

    private void requireAll(int seen) throws MalformedRecord {
        for (int i = 0; i < NAMES.length; i++) {
            if ((seen & 1 << i) == 0) {
                throw new MalformedRecord("'" + NAMES[i] + "' of trade " + rows.size() + " is missing");
            }
        }
    }

    private long whole(JsonParser parser, JsonToken token, String name, long most) throws IOException, MalformedRecord {
        boolean isLong =
                token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!isLong || parser.getLongValue() < 0 || parser.getLongValue() > most) {
            throw refusal(parser, name, "a whole number from 0 to " + most);
        }
        return parser.getLongValue();
    }

    private double positive(JsonParser parser, JsonToken token, String name) throws IOException, MalformedRecord {
        boolean isNumber = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        double value = isNumber ? parser.getDoubleValue() : Double.NaN;
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw refusal(parser, name, "a positive number");
        }
        return value;
    }

    private Side side(JsonParser parser, JsonToken token) throws IOException, MalformedRecord {
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        return switch (text) {
            case "BUY" -> Side.BUY;
            case "SELL" -> Side.SELL;
            case "UNKNOWN" -> Side.UNKNOWN;
            default -> throw refusal(parser, "side", "BUY, SELL or UNKNOWN");
        };
    }

    private MalformedRecord refusal(JsonParser parser, String name, String allowed) throws IOException {
        String text = parser.currentToken().isStructStart() ? "a structure" : parser.getText();
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return new MalformedRecord("'" + name + "' of trade " + rows.size() + " must be " + allowed + ", was " + shown);
    }

    List<Trade> trades(Symbol symbol) {
        List<Trade> trades = new ArrayList<>(rows.size());
        rows.forEach(row ->
                trades.add(new Trade(symbol, row.id(), row.timeMicros(), row.price(), row.quantity(), row.side())));
        return trades;
    }
}
