package tickcast.streams.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import tickcast.model.market.Candle;
import tickcast.model.market.Pace;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;

/**
 * Trades through a real ingest and sharded markets, one minute after the other as fast as they are answered: every minute's
 * candles, vectors, predictions and errors are stored before the next one begins.
 */
final class MarketBench {

    private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");
    private static final int TRADES_PER_EVENT = 1000;

    private final List<Symbol> symbols;
    private final int tradesPerMinute;
    private final Random random = new Random(5);
    private Instant openTime = START;
    private long nextTrade;

    /** @param tradesPerMinute of all symbols together */
    MarketBench(int symbols, int tradesPerMinute) {
        this.symbols = IntStream.range(0, symbols)
                .mapToObj(i -> Symbol.parse("C" + i + "/USD"))
                .toList();
        this.tradesPerMinute = tradesPerMinute;
    }

    /** @param sent trades of all rounds, the warm-up included @param stored trades that the archive's candles count */
    record Throughput(double tradesPerSecond, double cpuMicrosPerTrade, long sent, long stored) {}

    /** Medians over the rounds. */
    static Throughput throughput(Path directory, int warmUp, int rounds) {
        MarketBench bench = new MarketBench(20, 100_000);
        try (OneNode node = new OneNode(directory, bench.symbols)) {
            for (int i = 0; i < warmUp; i++) {
                node.run(bench.minutes(5));
            }
            double[] rates = new double[rounds];
            double[] cpu = new double[rounds];
            for (int i = 0; i < rounds; i++) {
                List<FeedEvent> events = bench.minutes(5);
                long trades = 5L * bench.tradesPerMinute;
                long cpuBefore = processCpuNanos();
                long before = System.nanoTime();
                node.run(events);
                rates[i] = trades / ((System.nanoTime() - before) / 1e9);
                cpu[i] = (processCpuNanos() - cpuBefore) / 1e3 / trades;
            }
            return new Throughput(median(rates), median(cpu), bench.nextTrade, node.tradesStored());
        }
    }

    /** Heap that each of many symbols adds, in bytes: its Market and its Monitor with their mailboxes, behaviours and shards. */
    static double heapPerSymbol(Path directory, int many) {
        int few = 10;
        long small = liveHeap(directory.resolve("few"), few);
        long large = liveHeap(directory.resolve("many"), many);
        return (double) (large - small) / (many - few);
    }

    private static long liveHeap(Path directory, int symbols) {
        MarketBench bench = new MarketBench(symbols, symbols * 30);
        try (OneNode node = new OneNode(directory, bench.symbols)) {
            for (int minute = 0; minute < 4; minute++) {
                node.run(bench.minutes(1));
            }
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                least = Math.min(
                        least,
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
            return least;
        }
    }

    private static long processCpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private List<FeedEvent> minutes(int count) {
        List<FeedEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            addMinute(events);
        }
        return events;
    }

    /** Evenly spread over the minute; symbols take turns, each with ids of its own that rise by one. */
    private void addMinute(List<FeedEvent> events) {
        List<Trade> batch = new ArrayList<>(TRADES_PER_EVENT);
        long start = Times.micros(openTime);
        for (int i = 0; i < tradesPerMinute; i++) {
            int symbol = (int) (nextTrade % symbols.size());
            double price = (10_000 + random.nextInt(1000)) / 100.0;
            double quantity = (1 + random.nextInt(100_000_000)) / 1e8;
            batch.add(new Trade(
                    symbols.get(symbol),
                    nextTrade++ / symbols.size() + 1,
                    start + i * 60_000_000L / tradesPerMinute,
                    price,
                    quantity,
                    random.nextBoolean() ? Side.BUY : Side.SELL));
            if (batch.size() == TRADES_PER_EVENT || i == tradesPerMinute - 1) {
                events.add(new FeedEvent.TradesArrived(List.copyOf(batch)));
                batch.clear();
            }
        }
        openTime = openTime.plus(Candle.INTERVAL);
        events.add(new FeedEvent.MinutePassed(openTime, Pace.EVENT, Set.of(), Set.of(), true, List.of()));
    }
}
