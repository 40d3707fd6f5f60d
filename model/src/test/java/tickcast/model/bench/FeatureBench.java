package tickcast.model.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.MarketWalk;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** What candles and features cost: prints medians of CPU time over rounds. Figures: at most 3 µs a vector, 24 KiB a symbol. */
public final class FeatureBench {

    private static final Symbol SYMBOL = Symbol.parse("BTC/USD");
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int MINUTES = 10 * 1440;
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 10;
    private static final int TRADES = 1_000_000;
    private static final int MANY = 500;

    private static double sink;

    private FeatureBench() {}

    /** @param vectorNanos update and full vector, CPU per candle, median @param stateBytes of one symbol's builder and extractor */
    record Figures(double vectorNanos, long stateBytes) {}

    public static void main(String[] args) {
        measure();
    }

    /** Prints all figures, returns those that have a limit. */
    static Figures measure() {
        List<Candle> candles = new MarketWalk(SYMBOL, 1, 64_000).candles(START, MINUTES);
        System.out.printf(
                "features                          %8d%n",
                FeatureSchema.current().size());
        print("update, ns per candle", () -> updates(candles));
        double vectorNanos = print("update + vector, ns per candle", () -> vectors(candles, 0));
        print("update + vector, 64 news, ns", () -> vectors(candles, 2000));
        print("update + vector, 500 symbols, ns", () -> manySymbols(candles));
        List<Trade> trades = trades();
        print("trade into candle, ns per trade", () -> candles(trades));
        long stateBytes = stateBytes(candles);
        System.out.printf("bytes per symbol                  %8d%n", stateBytes);
        System.out.println("(" + sink + ")");
        return new Figures(vectorNanos, stateBytes);
    }

    private interface Round {
        /** Nanoseconds per operation. */
        double run();
    }

    private static double print(String what, Round round) {
        for (int i = 0; i < WARM_UP; i++) {
            round.run();
        }
        double[] figures = new double[ROUNDS];
        Arrays.setAll(figures, i -> round.run());
        Arrays.sort(figures);
        System.out.printf("%-33s %8.0f%n", what, figures[ROUNDS / 2]);
        return figures[ROUNDS / 2];
    }

    /** CPU of this thread, so that neighbours on the machine don't count. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double updates(List<Candle> candles) {
        FeatureExtractor extractor = new FeatureExtractor(SYMBOL);
        long start = cpuNanos();
        for (Candle candle : candles) {
            extractor.update(candle);
        }
        long nanos = cpuNanos() - start;
        sink += extractor.volatility();
        return (double) nanos / candles.size();
    }

    private static double vectors(List<Candle> candles, int news) {
        FeatureExtractor extractor = new FeatureExtractor(SYMBOL);
        extractor.hear(new MarketWalk(SYMBOL, 2, 1).news(START, MINUTES, news));
        long start = cpuNanos();
        for (Candle candle : candles) {
            extractor.update(candle);
            sink += extractor.vector(candle.knownAt()).volatility();
        }
        return (double) (cpuNanos() - start) / candles.size();
    }

    private static double manySymbols(List<Candle> candles) {
        List<FeatureExtractor> extractors = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            extractors.add(new FeatureExtractor(SYMBOL));
        }
        int minutes = 100;
        long start = cpuNanos();
        for (Candle candle : candles.subList(0, minutes)) {
            for (FeatureExtractor extractor : extractors) {
                extractor.update(candle);
                sink += extractor.vector(candle.knownAt()).volatility();
            }
        }
        return (double) (cpuNanos() - start) / minutes / MANY;
    }

    private static double candles(List<Trade> trades) {
        CandleBuilder builder = new CandleBuilder(SYMBOL);
        long start = cpuNanos();
        long open = trades.get(0).timeMicros() / 60_000_000;
        for (Trade trade : trades) {
            long minute = trade.timeMicros() / 60_000_000;
            while (open < minute) {
                Instant openTime = Times.ofEpochMinute(open++);
                sink += builder.close(openTime, Coverage.SEEN, 1, openTime)
                        .orElseThrow()
                        .volume();
            }
            builder.add(trade);
        }
        return (double) (cpuNanos() - start) / trades.size();
    }

    /** Thirty a second, one id in a thousand missing. */
    private static List<Trade> trades() {
        Random random = new Random(3);
        List<Trade> trades = new ArrayList<>(TRADES);
        long id = 0;
        long micros = Times.micros(START);
        for (int i = 0; i < TRADES; i++) {
            id += random.nextInt(1000) == 0 ? 2 : 1;
            micros += random.nextInt(66_666);
            double price = (640_000 + random.nextInt(1000)) / 10.0;
            double quantity = (1 + random.nextInt(200_000_000)) / 1e8;
            trades.add(new Trade(SYMBOL, id, micros, price, quantity, random.nextBoolean() ? Side.BUY : Side.SELL));
        }
        return trades;
    }

    private static long stateBytes(List<Candle> candles) {
        FeatureExtractor extractor = new FeatureExtractor(SYMBOL);
        extractor.hear(new MarketWalk(SYMBOL, 2, 1).news(START, MINUTES, 2000));
        candles.forEach(extractor::update);
        CandleBuilder builder = new CandleBuilder(SYMBOL);
        for (Trade trade : trades().subList(0, 20_000)) {
            builder.add(trade);
            builder.close(Times.ofEpochMinute(trade.timeMicros() / 60_000_000 - 1), Coverage.SEEN, 1, START);
        }
        return StateSize.of(extractor, builder);
    }
}
