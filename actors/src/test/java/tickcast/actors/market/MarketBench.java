package tickcast.actors.market;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tickcast.actors.MemoryArchive;
import tickcast.actors.MemoryRegistry;
import tickcast.actors.Scenes;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Trade;

/** What the market adds to a trade and to a minute. Prints; holds no limit. */
@Tag("bench")
class MarketBench {

    private static final Instant START = Instant.parse("2026-01-05T10:00:00Z");
    private static final int BATCHES = 2000;
    private static final int BATCH = 500;

    @Test
    void measure() {
        ActorTestKit kit = ActorTestKit.create(Scenes.local());
        try {
            for (int round = 0; round < 5; round++) {
                System.out.printf(
                        "builder alone %.0f ns/trade, through the market %.0f ns/trade, a minute %.0f us%n",
                        builderAlone(), throughTheMarket(kit), minutes(kit));
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static List<List<Trade>> batches() {
        List<List<Trade>> batches = new ArrayList<>();
        long id = 0;
        for (int i = 0; i < BATCHES; i++) {
            List<Trade> batch = new ArrayList<>();
            for (int j = 0; j < BATCH; j++) {
                batch.add(Scenes.trade(Scenes.BTC, id, START.plusMillis(id / 20), 1000 + id % 100 / 10.0));
                id++;
            }
            batches.add(batch);
        }
        return batches;
    }

    private static double builderAlone() {
        List<List<Trade>> batches = batches();
        CandleBuilder builder = new CandleBuilder(Scenes.BTC);
        long start = System.nanoTime();
        batches.forEach(batch -> batch.forEach(builder::add));
        builder.close(START, Coverage.SEEN, Double.NaN, START);
        return (System.nanoTime() - start) / (double) (BATCHES * BATCH);
    }

    private static double throughTheMarket(ActorTestKit kit) {
        List<List<Trade>> batches = batches();
        MarketHouse house = new MarketHouse(kit, Scenes.BTC, new MemoryArchive(), new MemoryRegistry());
        TestProbe<Market.Recorded> recorded = kit.createTestProbe();
        long start = System.nanoTime();
        batches.forEach(batch -> {
            house.market().tell(new Market.RecordTrades(batch, recorded.getRef()));
            recorded.receiveMessage();
        });
        return (System.nanoTime() - start) / (double) (BATCHES * BATCH);
    }

    private static double minutes(ActorTestKit kit) {
        MarketHouse house = new MarketHouse(kit, Scenes.BTC, new MemoryArchive(), new MemoryRegistry());
        List<Candle> candles = Scenes.candles(Scenes.BTC, START, 500);
        house.close(candles.get(0));
        long start = System.nanoTime();
        candles.subList(1, candles.size()).forEach(house::close);
        return (System.nanoTime() - start) / 1000.0 / (candles.size() - 1);
    }
}
