package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

class KrakenFramesTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");

    private final KrakenFrames frames = new KrakenFrames(List.of(BTC, ETH));

    @Test
    void shouldReadATradeWhateverTheOrderOfItsKeys() {
        Trade expected = new Trade(
                BTC,
                97184416,
                Times.micros(java.time.Instant.parse("2026-03-15T11:26:23.023215Z")),
                71749.0,
                5.1e-05,
                Side.SELL);
        Stream.of(
                        "{\"channel\":\"trade\",\"data\":[{\"ord_type\":\"limit\",\"price\":71749.0,\"qty\":5.1e-05,"
                                + "\"side\":\"sell\",\"symbol\":\"BTC/USD\",\"timestamp\":\"2026-03-15T11:26:23.023215Z\","
                                + "\"trade_id\":97184416}],\"type\":\"update\"}",
                        "{\"data\":[{\"trade_id\":97184416,\"timestamp\":\"2026-03-15T11:26:23.023215999Z\",\"side\":\"sell\","
                                + "\"qty\":0.000051,\"price\":71749,\"symbol\":\"BTC/USD\",\"new\":{\"a\":[1]}}],"
                                + "\"type\":\"update\",\"channel\":\"trade\"}")
                .forEach(text -> {
                    Frame.Trades read = assertInstanceOf(Frame.Trades.class, frames.decode(text));
                    assertEquals(List.of(expected), read.trades());
                    assertEquals(read, frames.decode(text.getBytes(StandardCharsets.UTF_8)));
                    assertEquals(false, read.snapshot());
                });
    }

    @Test
    void shouldLetABadTradeCostOnlyItself() {
        String good = "{\"symbol\":\"BTC/USD\",\"side\":\"buy\",\"price\":1.5,\"qty\":2,\"trade_id\":%d,"
                + "\"timestamp\":\"2026-03-15T11:26:23Z\"}";
        String foreign = good.formatted(9).replace("BTC", "DOGE");
        List<String> bad = List.of(
                good.formatted(1).replace("1.5", "0"),
                good.formatted(1).replace("1.5", "-3"),
                good.formatted(1).replace("1.5", "1e999"),
                good.formatted(1).replace("1.5", "null"),
                good.formatted(1).replace("\"price\":1.5,", ""),
                good.formatted(1).replace("\"qty\":2,", "\"qty\":[2],"),
                good.formatted(1).replace("\"trade_id\":1", "\"trade_id\":1.5"),
                good.formatted(1).replace("\"trade_id\":1", "\"trade_id\":99999999999999999999"),
                good.formatted(1).replace("11:26:23Z", "11:26:99Z"),
                good.formatted(1).replace("2026-03-15T11:26:23Z", ""),
                good.formatted(1).replace("\"BTC/USD\"", "7"),
                "{}",
                "7",
                "[[]]");
        String text = "{\"channel\":\"trade\",\"type\":\"snapshot\",\"data\":[" + good.formatted(4) + ","
                + String.join(",", bad) + "," + foreign + "," + good.formatted(5) + "]}";
        Frame.Trades read = assertInstanceOf(Frame.Trades.class, frames.decode(text));
        assertEquals(List.of(4L, 5L), read.trades().stream().map(Trade::id).toList());
        assertEquals(bad.size(), read.malformed());
        assertEquals(1, read.foreign());
        assertTrue(read.snapshot());
    }

    @Test
    void shouldUnderstandControlFrames() {
        assertEquals(
                new Frame.Status("cancel_only"),
                frames.decode("{\"channel\":\"status\",\"data\":[{\"connection_id\":14949390454975033707,"
                        + "\"system\":\"cancel_only\"}],\"type\":\"update\"}"));
        assertEquals(new Frame.Heartbeat(), frames.decode("{\"channel\":\"heartbeat\"}"));
        assertEquals(
                new Frame.Pong(Times.micros(java.time.Instant.parse("2024-05-20T11:08:49.272940Z"))),
                frames.decode("{\"method\":\"pong\",\"req_id\":1,\"time_in\":\"2024-05-20T11:08:49.272922Z\","
                        + "\"time_out\":\"2024-05-20T11:08:49.272940Z\"}"));
        assertEquals(
                new Frame.Granted("subscribe", "trade", Optional.of(ETH), ExchangeTime.UNKNOWN),
                frames.decode("{\"success\":true,\"result\":{\"symbol\":\"ETH/USD\",\"channel\":\"trade\"},"
                        + "\"method\":\"subscribe\"}"));
        assertEquals(
                new Frame.Refused("subscribe", "XBT/USD", "Currency pair not supported XBT/USD"),
                frames.decode("{\"error\":\"Currency pair not supported XBT/USD\",\"method\":\"subscribe\","
                        + "\"success\":false,\"symbol\":\"XBT/USD\"}"));
    }

    @Test
    void shouldSurviveGarbage() {
        for (String garbage : KrakenWords.GARBAGE) {
            Frame frame = frames.decode(garbage);
            assertTrue(
                    !(frame instanceof Frame.Trades trades)
                            || trades.trades().stream().allMatch(trade -> trade.timeMicros() > 4e15),
                    garbage);
        }
        assertInstanceOf(Frame.Garbage.class, frames.decode("{\"channel\":\"heartbeat\"} x"));
        assertInstanceOf(Frame.Garbage.class, frames.decode("{\"channel\":\"heartbeat\"}{}"));
    }

    @Test
    void shouldKnowEveryRecordedFrame() throws IOException {
        Path root = Path.of(System.getProperty("tickcast.root", "..")).resolve("../shared/data/kraken-frames");
        Assumptions.assumeTrue(Files.isDirectory(root), "shared data is absent: " + root);
        KrakenFrames all = new KrakenFrames(List.of(BTC));
        Map<String, Integer> kinds = new TreeMap<>();
        int trades = 0;
        try (Stream<Path> files = Files.list(root)) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file)) {
                    Frame frame = all.decode(line);
                    assertEquals(frame, all.decode(line.getBytes(StandardCharsets.UTF_8)), line);
                    kinds.merge(frame.kind(), 1, Integer::sum);
                    if (frame instanceof Frame.Trades read) {
                        assertEquals(0, read.malformed() + read.foreign(), line);
                        trades += read.trades().size();
                    } else if (frame instanceof Frame.Status status) {
                        assertEquals("online", status.system());
                    }
                }
            }
        }
        assertEquals(
                Map.of(
                        "book", 6, "ohlc", 6, "ticker", 4, "trade", 5, "status", 5, "pong", 1, "granted", 7, "refused",
                        6),
                kinds);
        assertEquals(7, trades);
    }

    @Test
    void shouldReadTimesToTheMicrosecond() {
        for (String text : List.of(
                "2026-03-15T11:26:23.023215Z",
                "2000-02-29T23:59:59.999999Z",
                "1970-01-01T00:00:00Z",
                "2024-12-31T00:00:00.5Z",
                "2023-03-01T12:00:00.000001Z")) {
            char[] chars = text.toCharArray();
            assertEquals(Times.micros(java.time.Instant.parse(text)), ExchangeTime.ofIso(chars, 0, chars.length), text);
        }
        assertEquals(1790359840939291L, ExchangeTime.ofSeconds("1790359840.9392912"));
        assertEquals(1790359840000000L, ExchangeTime.ofSeconds("1790359840"));
        assertEquals(ExchangeTime.UNKNOWN, ExchangeTime.ofSeconds("soon"));
        assertEquals(ExchangeTime.UNKNOWN, ExchangeTime.ofSeconds("1e999999999"));
    }
}
