package tickcast.model.market;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tickcast.model.SharedData;

/** Five days of Kraken's trades give Kraken's own candles. */
class RecordedTradesTest {

    private static final Symbol BTC = Symbol.parse("BTC/USDT");

    @Test
    void shouldEqualTheExchangesOwnCandles() throws IOException {
        List<Trade> trades = trades();
        List<String> expected =
                SharedData.gzipLines(SharedData.require("trades/kraken-2023-11/XBTUSDT.expected-candles.csv.gz"));
        List<Candle> candles = closeEveryMinute(trades);
        assertEquals(7722, candles.size());

        List<Candle> traded = candles.stream()
                .filter(candle -> candle.quality() == Quality.COMPLETE)
                .toList();
        assertEquals(5388, traded.size());
        assertEquals(5388, expected.size());
        for (int i = 0; i < expected.size(); i++) {
            String[] cells = expected.get(i).split(",");
            Candle candle = traded.get(i);
            assertEquals(Long.parseLong(cells[0]), candle.openTime().getEpochSecond());
            assertEquals(Double.parseDouble(cells[1]), candle.open());
            assertEquals(Double.parseDouble(cells[2]), candle.high());
            assertEquals(Double.parseDouble(cells[3]), candle.low());
            assertEquals(Double.parseDouble(cells[4]), candle.close());
            assertEquals(Double.parseDouble(cells[5]), candle.volume(), 1e-8);
        }
        long empty = candles.stream()
                .filter(candle -> candle.quality() == Quality.EMPTY)
                .count();
        assertEquals(7722 - 5388, empty);
    }

    @Test
    void shouldGiveTheSameCandlesFromAShuffledList() throws IOException {
        List<Trade> trades = trades();
        List<Candle> expected = closeEveryMinute(trades).stream()
                .filter(candle -> candle.quality() == Quality.COMPLETE)
                .toList();
        List<Trade> shuffled = new ArrayList<>(trades);
        Collections.shuffle(shuffled, new Random(3));
        List<Candle> made = CandleBuilder.candlesOf(BTC, shuffled, Coverage.SEEN, Instant.EPOCH);
        assertEquals(expected, made);
    }

    private static List<Candle> closeEveryMinute(List<Trade> trades) {
        CandleBuilder builder = new CandleBuilder(BTC);
        List<Candle> candles = new ArrayList<>();
        long open = Math.floorDiv(trades.get(0).timeMicros(), 60_000_000L);
        for (Trade trade : trades) {
            long minute = Math.floorDiv(trade.timeMicros(), 60_000_000L);
            while (open < minute) {
                candles.add(close(builder, open++, candles));
            }
            assertEquals(CandleBuilder.Outcome.ADDED, builder.add(trade));
        }
        candles.add(close(builder, open, candles));
        return candles;
    }

    private static Candle close(CandleBuilder builder, long minute, List<Candle> before) {
        double lastPrice =
                before.isEmpty() ? Double.NaN : before.get(before.size() - 1).close();
        return builder.close(Times.ofEpochMinute(minute), Coverage.SEEN, lastPrice, Instant.EPOCH)
                .orElseThrow();
    }

    private static List<Trade> trades() throws IOException {
        List<Trade> trades = new ArrayList<>();
        for (String line : SharedData.gzipLines(SharedData.require("trades/kraken-2023-11/XBTUSDT.csv.gz"))) {
            String[] cells = line.split(",");
            trades.add(new Trade(
                    BTC,
                    trades.size() + 1,
                    new BigDecimal(cells[0]).movePointRight(6).longValueExact(),
                    Double.parseDouble(cells[1]),
                    Double.parseDouble(cells[2]),
                    Side.UNKNOWN));
        }
        return trades;
    }
}
