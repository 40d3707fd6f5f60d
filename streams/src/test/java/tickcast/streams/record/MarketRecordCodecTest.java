package tickcast.streams.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tickcast.model.market.Candle;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.model.sentiment.NewsItem;

class MarketRecordCodecTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final String GOOD = """
            {"v":1,"kind":"trades","source":"kraken","epoch":0,"symbol":"BTC/USD","trades":[
            {"id":9007199254740993,"timeMicros":1767614400000001,"price":64000.1,"quantity":5.1e-05,"side":"BUY","x":[1]}]}""";

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void shouldComeBack(MarketRecord record) throws MalformedRecord {
        Stamped<MarketRecord> stamped = new Stamped<>(record, "replay-3fa1", 1767614400123L);
        assertEquals(stamped, MarketRecordCodec.decode(MarketRecordCodec.encode(stamped)));
    }

    @Test
    void shouldReadBackWhatItWrote() throws MalformedRecord {
        Trade trade = new Trade(BTC, Long.MAX_VALUE, 1767614400000001L, 0.1 + 0.2, Double.MIN_VALUE, Side.UNKNOWN);
        Candle candle = Candle.empty(BTC, NOON, 64000.1, NOON.plusSeconds(60));
        shouldComeBack(new MarketRecord.Trades(BTC, List.of(trade, trade)));
        shouldComeBack(new MarketRecord.Minute(
                BTC, NOON.plusSeconds(60), Coverage.FILLED, true, Pace.EVENT, Optional.empty()));
        shouldComeBack(new MarketRecord.Minute(
                BTC, NOON.plusSeconds(60), Coverage.UNSURE, false, Pace.CLOCK, Optional.of(candle)));
        shouldComeBack(new MarketRecord.Candles(BTC, List.of(candle, candle.withRevision(3, NOON))));
    }

    @Test
    void shouldReadWhatAStrangerWrote() throws MalformedRecord {
        Trade trade = new Trade(BTC, 9007199254740993L, 1767614400000001L, 64000.1, 5.1e-05, Side.BUY);
        MarketRecord expected = new MarketRecord.Trades(BTC, List.of(trade));
        assertEquals(expected, MarketRecordCodec.decode(bytes(GOOD)).fact());
        String symbolLast = GOOD.replace("\"symbol\":\"BTC/USD\",", "").replace("]}]}", "]}],\"symbol\":\"XBT/USD\"}");
        assertEquals(expected, MarketRecordCodec.decode(bytes(symbolLast)).fact());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"price\":64000.1     | \"price\":0           | 'price' of trade 0 must be a positive number, was 0",
                "\"price\":64000.1     | \"price\":\"64000\"   | 'price' of trade 0 must be a positive number, was 64000",
                "\"quantity\":5.1e-05  | \"quantity\":1e999    | 'quantity' of trade 0 must be a positive number",
                "\"quantity\":5.1e-05, | ~~                    | 'quantity' of trade 0 is missing",
                "9007199254740993      | -1                    | 'id' of trade 0 must be a whole number from 0",
                "1767614400000001      | 99999999999999999999  | 'timeMicros' of trade 0 must be a whole number",
                "\"BUY\"               | \"buy\"               | 'side' of trade 0 must be BUY, SELL or UNKNOWN, was buy",
                "BTC/USD               | BTC                   | 'symbol' must be a pair",
                "\"v\":1               | \"v\":2               | 'v' must be a whole number from 1 to 1, was 2",
                "\"trades\",           | \"ticks\",            | 'kind' must be \"trades\", \"minute\" or \"candles\"",
                "\"trades\":[          | \"deals\":[           | 'trades' is missing",
                "]}]}                  | ]}]                   | not JSON",
                "]}]}                  | ]}]} {}               | something follows the record",
            })
    void shouldSayWhatIsWrong(String part, String other, String reason) {
        String bad = GOOD.replace(part, other == null ? "" : other);
        MalformedRecord refused = assertThrows(MalformedRecord.class, () -> MarketRecordCodec.decode(bytes(bad)));
        assertTrue(refused.getMessage().startsWith(reason), refused.getMessage());
    }

    @Test
    void shouldNeverFailOtherwise() {
        Random random = new Random(4);
        byte[] good = bytes(GOOD);
        for (int i = 0; i < 20_000; i++) {
            byte[] broken = good.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            try {
                MarketRecordCodec.decode(broken);
            } catch (MalformedRecord expected) {
                assertTrue(expected.getMessage().length() < 1000, expected.getMessage());
            }
        }
    }

    @Test
    void shouldCarryHeadlines() throws MalformedRecord {
        NewsItem item = new NewsItem("guid-1", "https://x/rss", "Bitcoin „rises“", "", "", NOON, NOON.plusMillis(3));
        Stamped<NewsItem> stamped = new Stamped<>(item, "kraken", 0);
        assertEquals(stamped, NewsCodec.NEWS.decode(NewsCodec.NEWS.encode(stamped)));
    }
}
