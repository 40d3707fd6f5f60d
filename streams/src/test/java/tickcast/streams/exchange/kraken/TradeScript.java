package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** Makes up trades that look like Kraken's: ids that rise by one with a rare hole, eight decimals, bursts. */
public final class TradeScript {

    private TradeScript() {}

    /** Trades of random symbols, evenly spread over the time, oldest first. A function of its arguments. */
    public static List<Trade> random(long seed, List<Symbol> symbols, int count, Instant start, Duration length) {
        SplittableRandom random = new SplittableRandom(seed);
        long startMicros = Times.micros(start);
        long[] times = random.longs(count, startMicros, startMicros + length.toNanos() / 1000)
                .toArray();
        Arrays.sort(times);
        Map<Symbol, Long> ids = new HashMap<>();
        Map<Symbol, Long> cents = new HashMap<>();
        List<Trade> trades = new ArrayList<>(count);
        for (long time : times) {
            Symbol symbol = symbols.get(random.nextInt(symbols.size()));
            long id = ids.merge(symbol, random.nextInt(500) == 0 ? 2L : 1L, Long::sum);
            long price = cents.merge(symbol, (long) random.nextInt(-9, 10), Long::sum);
            double quantity = random.nextInt(1, 100_000_000) / 1e8;
            Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
            trades.add(new Trade(symbol, id + 1_000_000, time, (6_000_000 + price) / 100.0, quantity, side));
        }
        return trades;
    }
}
