package tickcast.streams.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

class RecordCodecTest {

    private static final String CANDLE = """
            {"v":1,"kind":"candle","source":"kraken","epoch":1767614399000,"symbol":"BTC/USD",\
            "openTime":"2026-01-05T11:59:00.000Z","closeTime":"2026-01-05T12:00:00.000Z",\
            "open":63990.2,"high":64010.0,"low":63988.1,"close":64000.1,"volume":1.2345,"notional":79012.34,\
            "buyVolume":null,"trades":37,"firstTradeId":9007199254740993,"lastTradeId":9007199254741029,\
            "quality":"COMPLETE","revision":0,"knownAt":"2026-01-05T12:00:00.041123Z","imported":false}""";

    private static final Candle READ = new Candle(
            Symbol.parse("BTC/USD"),
            Instant.parse("2026-01-05T11:59:00Z"),
            63990.2,
            64010,
            63988.1,
            64000.1,
            1.2345,
            79012.34,
            Double.NaN,
            37,
            9007199254740993L,
            9007199254741029L,
            Quality.COMPLETE,
            0,
            Instant.parse("2026-01-05T12:00:00.041123Z"),
            false);

    @Test
    void shouldWriteAndReadTheFormThatIsDescribed() throws MalformedRecord {
        Stamped<Candle> record = new Stamped<>(READ, "kraken", 1767614399000L);
        assertEquals(CANDLE, new String(RecordCodec.CANDLE.encode(record), StandardCharsets.UTF_8));
        assertEquals(record, decode(CANDLE));
    }

    @Test
    void shouldSkipWhatItDoesNotKnowAndTakeFieldsInAnyOrder() throws MalformedRecord {
        String moved = CANDLE.replace("\"revision\":0,", "")
                .replace("{\"v\":1,", "{\"new\":{\"a\":[1,{}]},\"revision\":0,\"v\":1,");
        assertEquals(READ, decode(moved).fact());
    }

    @Test
    void shouldNameTheFieldAndWhatIsAllowed() {
        assertReason("'v' must be a whole number from 1 to 1, was 2", CANDLE.replace("\"v\":1", "\"v\":2"));
        assertReason("'kind' must be \"candle\", was \"error\"", CANDLE.replace("\"candle\"", "\"error\""));
        assertReason("'high' must be a finite number, was \"64010.0\"", CANDLE.replace("64010.0", "\"64010.0\""));
        assertReason("'close' is missing", CANDLE.replace("\"close\"", "\"klose\""));
        assertReason(
                "'quality' must be one of [COMPLETE, REPAIRED, PARTIAL, EMPTY], was \"GOOD\"",
                CANDLE.replace("COMPLETE", "GOOD"));
        assertReason(
                "'openTime' must lie on a full minute, was \"2026-01-05T11:59:00.001Z\"",
                CANDLE.replace("11:59:00.000Z", "11:59:00.001Z"));
        assertReason(
                "'knownAt' must be a time such as \"2026-01-05T12:00:00.000Z\", was \"yesterday\"",
                CANDLE.replace("2026-01-05T12:00:00.041123Z", "yesterday"));
        assertReason("'symbol' must be a pair such as \"BTC/USD\", was \"*\"", CANDLE.replace("BTC/USD", "*"));
        assertReason(
                "'trades' must be a whole number from 0 to 2147483647, or null, was -1", CANDLE.replace("37", "-1"));
        assertReason("something follows the record", CANDLE + "{}");
        assertReason("expected a JSON object, found null", "");
        assertReason("expected a JSON object, found START_ARRAY", "[]");
    }

    private static void assertReason(String reason, String text) {
        assertEquals(
                reason, assertThrows(MalformedRecord.class, () -> decode(text)).getMessage());
    }

    @Test
    void shouldRefuseToWriteWhatCouldNotBeReadAgain() {
        Candle unpriced = Candle.empty(Symbol.parse("BTC/USD"), READ.openTime(), Double.NaN, READ.knownAt());
        Stamped<Candle> record = new Stamped<>(unpriced, "kraken", 0);
        assertThrows(IllegalArgumentException.class, () -> RecordCodec.CANDLE.encode(record));
    }

    @Test
    void shouldReplaceHalfACharacter() throws MalformedRecord {
        Instant noon = Instant.parse("2026-01-05T12:00:00Z");
        Sentiment broken = new Sentiment("n", "*", 0, 0, "lexicon", "", "a\ud83d b\udd25 \ud83d\udd25", "", noon, noon);
        byte[] bytes = RecordCodec.SENTIMENT.encode(new Stamped<>(broken, "kraken", 0));
        assertEquals(
                "a\ufffd b\ufffd \ud83d\udd25",
                RecordCodec.SENTIMENT.decode(bytes).fact().title());
    }

    private static Stamped<Candle> decode(String text) throws MalformedRecord {
        return RecordCodec.CANDLE.decode(text.getBytes(StandardCharsets.UTF_8));
    }
}
