package tickcast.streams.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import akka.kafka.ConsumerMessage.CommittableMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.streams.record.MarketRecord;
import tickcast.streams.record.MarketRecordCodec;
import tickcast.streams.record.Stamped;

class TradesReaderTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    private final TradesReader reader = new TradesReader(MarketSource.KRAKEN, Set.of(BTC), () -> NOON);

    private static Candle candle(Instant openTime, double low, double high, double volume, double buyVolume) {
        return new Candle(
                BTC, openTime, 100, high, low, 101, volume, 10, buyVolume, 3, 1, 3, Quality.COMPLETE, 0, NOON, false);
    }

    private Reading read(Candle candle) {
        MarketRecord record = new MarketRecord.Candles(BTC, List.of(candle(NOON, 99, 102, 1, Double.NaN), candle));
        byte[] value = MarketRecordCodec.encode(new Stamped<>(record, MarketSource.KRAKEN.key(), 0));
        return reader.read(new CommittableMessage<>(new ConsumerRecord<>("trades", 0, 7, "BTC/USD", value), null));
    }

    private String refusal(Candle candle) {
        return assertInstanceOf(Reading.Bad.class, read(candle)).reason();
    }

    @Test
    void shouldTakeACorrection() {
        assertInstanceOf(Reading.Usable.class, read(candle(NOON.plus(Duration.ofMinutes(4)), 99, 102, 0, 0)));
    }

    @Test
    void shouldRefuseACandleOfTheFuture() {
        assertEquals(
                "a candle's 'closeTime' lies in the future: 2999-01-05T12:01:00Z",
                refusal(candle(Instant.parse("2999-01-05T12:00:00Z"), 99, 102, 1, 1)));
        assertInstanceOf(Reading.Bad.class, read(candle(NOON.plus(Duration.ofMinutes(5)), 99, 102, 1, 1)));
    }

    @Test
    void shouldRefuseACandleThatMakesNoSense() {
        String prices = "the candle of 2026-01-05T12:00:00Z must have 0 < 'low' <= 'open', 'close' <= 'high'";
        assertEquals(prices, refusal(candle(NOON, -1, 102, 1, 1)));
        assertEquals(prices, refusal(candle(NOON, 100.5, 102, 1, 1)));
        assertEquals(prices, refusal(candle(NOON, 99, 98, 1, 1)));
        String volumes = "the candle of 2026-01-05T12:00:00Z must have a 'volume' of at least 0,"
                + " and no 'notional' or 'buyVolume' below 0";
        assertEquals(volumes, refusal(candle(NOON, 99, 102, -1, 1)));
        assertEquals(volumes, refusal(candle(NOON, 99, 102, Double.NaN, 1)));
        assertEquals(volumes, refusal(candle(NOON, 99, 102, 1, -1)));
    }
}
