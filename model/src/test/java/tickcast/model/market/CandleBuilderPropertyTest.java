package tickcast.model.market;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CandleBuilderPropertyTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @Property(tries = 300, seed = "1")
    void shouldNotDependOnOrderOrRepetition(@ForAll("trades") List<Trade> trades, @ForAll Random random) {
        List<Candle> expected = CandleBuilder.candlesOf(BTC, trades, Coverage.SEEN, NOON);
        List<Trade> shuffled = new ArrayList<>(trades);
        shuffled.addAll(trades.subList(0, trades.size() / 2));
        Collections.shuffle(shuffled, random);
        assertEquals(expected, CandleBuilder.candlesOf(BTC, shuffled, Coverage.SEEN, NOON));
    }

    @Property(tries = 300, seed = "2")
    void shouldCountEveryTradeOnce(@ForAll("trades") List<Trade> trades) {
        CandleBuilder builder = new CandleBuilder(BTC);
        int added = 0;
        for (Trade trade : trades) {
            added += builder.add(trade) == CandleBuilder.Outcome.ADDED ? 1 : 0;
            assertEquals(CandleBuilder.Outcome.DUPLICATE, builder.add(trade));
        }
        assertEquals(trades.size(), added);
    }

    @Property(tries = 300, seed = "3")
    void shouldSumVolumeExactly(@ForAll("trades") List<Trade> trades) {
        BigDecimal volume = BigDecimal.ZERO;
        BigDecimal bought = BigDecimal.ZERO;
        List<Trade> together = new ArrayList<>();
        for (Trade trade : trades) {
            together.add(new Trade(BTC, trade.id(), Times.micros(NOON), trade.price(), trade.quantity(), trade.side()));
            volume = volume.add(BigDecimal.valueOf(trade.quantity()));
            bought = trade.side() == Side.BUY ? bought.add(BigDecimal.valueOf(trade.quantity())) : bought;
        }
        Candle candle = CandleBuilder.candlesOf(BTC, together, Coverage.SEEN).get(0);
        assertEquals(volume.doubleValue(), candle.volume());
        assertEquals(bought.doubleValue(), candle.buyVolume());
    }

    @Property(tries = 300, seed = "4")
    void shouldRememberIdsAsASetDoes(@ForAll @Size(max = 200) List<@IntRange(min = 0, max = 150) Integer> ids) {
        IdRanges ranges = new IdRanges(1000);
        Set<Integer> set = new HashSet<>();
        IdRanges half = new IdRanges(1000);
        for (int id : ids) {
            assertEquals(set.add(id), ranges.add(id));
            if (id % 3 > 0) {
                half.add(id);
            }
        }
        IdRanges merged = new IdRanges(1000);
        ids.stream().filter(id -> id % 2 == 0).forEach(merged::add);
        merged.addAll(half);
        for (int id = 0; id <= 150; id++) {
            assertEquals(set.contains(id), ranges.contains(id));
            assertEquals(set.contains(id) && (id % 2 == 0 || id % 3 > 0), merged.contains(id));
        }
    }

    /** Up to 60 trades within three minutes, ids with holes, quantities of up to 8 decimals and 15 digits. */
    @Provide
    Arbitrary<List<Trade>> trades() {
        Arbitrary<Long> ids = Arbitraries.longs().between(1, 120);
        Arbitrary<Long> micros = Arbitraries.longs().between(0, 179_999_999);
        Arbitrary<Integer> cents = Arbitraries.integers().between(1, 100_000);
        Arbitrary<Double> quantities = Arbitraries.oneOf(
                Arbitraries.longs().between(1, 1_000_000_000L).map(units -> units / 1e8),
                Arbitraries.longs().between(1, 999_999_999_999_999L).map(units -> units / 1e8),
                Arbitraries.longs().between(1, 999_999_999_999_999L).map(units -> units / 1e5));
        Arbitrary<Side> sides = Arbitraries.of(Side.BUY, Side.SELL);
        return Combinators.combine(ids, micros, cents, quantities, sides)
                .as((id, time, price, quantity, side) ->
                        new Trade(BTC, id, Times.micros(NOON) + time, price / 100.0, quantity, side))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60)
                .uniqueElements(Trade::id);
    }
}
