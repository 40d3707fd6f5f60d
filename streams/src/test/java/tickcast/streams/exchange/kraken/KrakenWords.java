package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** Kraken's messages, as texts. */
final class KrakenWords {

    /** Messages that make no sense, each in its own way; none of them holds a trade that could be true. */
    static final List<String> GARBAGE = List.of(
            "",
            "not JSON at all",
            "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\",\"side\":\"bu",
            "[1,2,3]",
            "null",
            "{}",
            "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\"},7,null,[{}]]}",
            "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"price\":-1,"
                    + "\"qty\":1,\"ord_type\":\"limit\",\"trade_id\":5,\"timestamp\":\"2026-01-05T12:00:00.000000Z\"}]}",
            "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"price\":1e999,"
                    + "\"qty\":1,\"ord_type\":\"limit\",\"trade_id\":5,\"timestamp\":\"yesterday\"}]}",
            "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"price\":1,"
                    + "\"qty\":1,\"ord_type\":\"limit\",\"trade_id\":99999999,\"timestamp\":\"2126-01-05T12:00:00.000000Z\"}]}",
            "{\"channel\":\"wonderful\",\"data\":{\"a\":[[[[]]]]}}",
            "{\"channel\":\"trade\",\"data\":\"none\"}",
            "[".repeat(3000),
            "{\"method\":\"subscribe\",\"success\":false,\"error\":\"Exceeded msg rate\"}",
            "{\"error\":\"Malformed request\"}",
            "\u0000\u0001\ufffd");

    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int OHLC_ROWS = 720;

    private KrakenWords() {}

    static String trades(String type, List<Trade> trades) {
        return "{\"channel\":\"trade\",\"type\":\"" + type + "\",\"data\":["
                + trades.stream().map(KrakenWords::trade).collect(Collectors.joining(",")) + "]}";
    }

    private static String trade(Trade trade) {
        return "{\"symbol\":\"" + trade.symbol().name() + "\",\"side\":\""
                + (trade.side() == Side.BUY ? "buy" : "sell") + "\",\"price\":" + trade.price() + ",\"qty\":"
                + trade.quantity() + ",\"ord_type\":\"limit\",\"trade_id\":" + trade.id() + ",\"timestamp\":\""
                + MICROS.format(Times.ofMicros(trade.timeMicros())) + "\"}";
    }

    static String status(String system) {
        return "{\"channel\":\"status\",\"data\":[{\"api_version\":\"v2\",\"connection_id\":14949390454975033707,"
                + "\"system\":\"" + system + "\",\"version\":\"2.0.10\"}],\"type\":\"update\"}";
    }

    static String pong(Instant now) {
        return "{\"method\":\"pong\"," + times(now) + "}";
    }

    static String granted(String symbol, Instant now) {
        return "{\"method\":\"subscribe\",\"result\":{\"channel\":\"trade\",\"snapshot\":true,\"symbol\":\"" + symbol
                + "\"},\"success\":true," + times(now) + "}";
    }

    static String refused(String method, String symbol, String error, Instant now) {
        return "{\"error\":\"" + error + "\",\"method\":\"" + method + "\",\"success\":false,\"symbol\":\"" + symbol
                + "\"," + times(now) + "}";
    }

    private static String times(Instant now) {
        return "\"time_in\":\"" + MICROS.format(now) + "\",\"time_out\":\"" + MICROS.format(now) + "\"";
    }

    static String error(String error) {
        return "{\"error\":[\"" + error + "\"]}";
    }

    static String time(Instant now) {
        return "{\"error\":[],\"result\":{\"unixtime\":" + now.getEpochSecond() + ",\"rfc1123\":\"some day\"}}";
    }

    static String systemStatus(String status, Instant now) {
        return "{\"error\":[],\"result\":{\"status\":\"" + status + "\",\"timestamp\":\"" + now + "\"}}";
    }

    /** REST knows a trade's time to the nanosecond; the WebSocket cuts it off. */
    static long nanos(Trade trade) {
        return trade.timeMicros() * 1000 + 340;
    }

    static String tradesPage(List<Trade> page, long since, List<Trade> all) {
        String name = all.isEmpty() ? "none" : all.get(0).symbol().name();
        long last = page.isEmpty() ? since : nanos(page.get(page.size() - 1));
        return "{\"error\":[],\"result\":{\"" + name + "\":["
                + page.stream().map(KrakenWords::row).collect(Collectors.joining(",")) + "],\"last\":\"" + last
                + "\"}}";
    }

    private static String row(Trade trade) {
        long nanos = nanos(trade);
        return "[\"" + trade.price() + "\",\"" + trade.quantity() + "\"," + nanos / 1_000_000_000 + "."
                + String.format("%07d", nanos % 1_000_000_000 / 100) + ",\"" + (trade.side() == Side.BUY ? "b" : "s")
                + "\",\"l\",\"\"," + trade.id() + "]";
    }

    /** The newest minutes, untraded ones left out, the last one not committed. */
    static String ohlc(List<Trade> trades, Instant now) {
        if (trades.isEmpty()) {
            return error("EGeneral:Internal error");
        }
        Symbol symbol = trades.get(0).symbol();
        List<Candle> candles = CandleBuilder.candlesOf(symbol, trades, Coverage.SEEN);
        String rows = candles.subList(Math.max(0, candles.size() - OHLC_ROWS), candles.size()).stream()
                .map(KrakenWords::row)
                .collect(Collectors.joining(","));
        long last = Times.minuteOf(now).getEpochSecond() - 60;
        return "{\"error\":[],\"result\":{\"" + symbol.name() + "\":[" + rows + "],\"last\":" + last + "}}";
    }

    private static String row(Candle candle) {
        return "[" + candle.openTime().getEpochSecond() + ",\"" + candle.open() + "\",\"" + candle.high() + "\",\""
                + candle.low() + "\",\"" + candle.close() + "\",\"" + candle.notional() / candle.volume() + "\",\""
                + candle.volume() + "\"," + candle.trades() + "]";
    }
}
