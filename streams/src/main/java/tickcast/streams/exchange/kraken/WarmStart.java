package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Finds where the feed begins and puts the candles before that into the archive.
 *
 * <p>One OHLC call per symbol gives the last twelve hours. On a fresh start the feed begins with the last closed minute, so
 * that each symbol predicts from it at once. After a restart within {@link #REACH} it begins right after the oldest of the
 * symbols' newest as-ofs, and the minutes missed meanwhile pass quickly with the exchange's own candles (their predictions are
 * LATE, but what was predicted before matures). After a longer pause it is a fresh start.
 */
final class WarmStart {

    /** How far OHLC reaches back. */
    static final Duration REACH = Duration.ofHours(12);

    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);

    /**
     * @param from open time of the first minute to pass
     * @param candles per open time from {@code from} on, where every symbol has one
     */
    record Plan(Instant from, NavigableMap<Instant, List<Candle>> candles) {

        /** Open time of the first minute that trades must make. */
        Instant tradesFrom() {
            return candles.isEmpty() ? from : candles.lastKey().plus(Candle.INTERVAL);
        }
    }

    private final KrakenRest rest;
    private final List<Symbol> symbols;
    private final InstantSource clock;
    private final FeedMetrics metrics;

    WarmStart(KrakenRest rest, List<Symbol> symbols, InstantSource clock, FeedMetrics metrics) {
        this.rest = rest;
        this.symbols = symbols;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Asks, stores, plans. Fails only when the archive does. */
    CompletionStage<Plan> run(Archive archive) {
        return newestAsOfs(archive)
                .thenCompose(asOfs ->
                        histories().thenCompose(histories -> keep(archive, plan(asOfs, histories), histories)));
    }

    private CompletionStage<Map<Symbol, List<Candle>>> histories() {
        Map<Symbol, CompletableFuture<List<Candle>>> asked = new HashMap<>();
        symbols.forEach(symbol -> asked.put(symbol, history(symbol).toCompletableFuture()));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> {
                    Map<Symbol, List<Candle>> answers = new HashMap<>();
                    asked.forEach((symbol, candles) -> answers.put(symbol, candles.join()));
                    return answers;
                });
    }

    /** A symbol's committed minutes without a hole; none when the exchange does not answer. */
    private CompletionStage<List<Candle>> history(Symbol symbol) {
        return rest.ohlc(symbol, RequestPacer.Urgency.REPAIR)
                .thenApply(ohlc -> {
                    metrics.bad("history-row", ohlc.malformed(), "a row of REST OHLC of " + symbol);
                    return unbroken(symbol, ohlc.candles());
                })
                .exceptionally(failure -> {
                    LOG.warn("No history of {} for the start, it comes from trades: {}", symbol, failure.getMessage());
                    return List.of();
                });
    }

    private static List<Candle> unbroken(Symbol symbol, List<HistoryCandle> rows) {
        List<Candle> candles = new ArrayList<>(rows.size());
        for (HistoryCandle row : rows) {
            while (!candles.isEmpty() && last(candles).closeTime().isBefore(row.openTime())) {
                candles.add(untraded(symbol, last(candles)));
            }
            candles.add(row.toCandle(symbol));
        }
        return candles;
    }

    private static Candle last(List<Candle> candles) {
        return candles.get(candles.size() - 1);
    }

    private static Candle untraded(Symbol symbol, Candle before) {
        double price = before.close();
        return new HistoryCandle(before.closeTime(), price, price, price, price, price, 0, 0).toCandle(symbol);
    }

    /** The newest as-of of every symbol that has one. */
    private CompletionStage<List<Instant>> newestAsOfs(Archive archive) {
        List<CompletableFuture<Optional<Instant>>> asked = symbols.stream()
                .map(symbol -> archive.predictions(symbol, Page.latest(1))
                        .thenApply(
                                newest -> newest.stream().map(Prediction::asOf).findFirst())
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> asked.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .toList());
    }

    private Plan plan(List<Instant> asOfs, Map<Symbol, List<Candle>> histories) {
        Instant now = clock.instant();
        NavigableMap<Instant, List<Candle>> common = common(histories.values());
        Instant lastClosed = common.isEmpty() ? Times.minuteOf(now) : common.lastKey();
        Instant newest = common.isEmpty() ? lastClosed : lastClosed.plus(Candle.INTERVAL);
        Instant from = asOfs.stream()
                .min(Comparator.naturalOrder())
                .filter(asOf -> !asOf.isBefore(now.minus(REACH)))
                .map(Times::minuteOf)
                .map(asOf -> asOf.isAfter(newest) ? newest : asOf)
                .filter(asOf -> common.isEmpty() || !asOf.isBefore(common.firstKey()))
                .orElse(lastClosed);
        return new Plan(from, new TreeMap<>(common.tailMap(from, true)));
    }

    /** The newest minutes of which every symbol that answered has a candle, without a hole. */
    private static NavigableMap<Instant, List<Candle>> common(Collection<List<Candle>> histories) {
        List<List<Candle>> known =
                histories.stream().filter(candles -> !candles.isEmpty()).toList();
        NavigableMap<Instant, List<Candle>> byMinute = new TreeMap<>();
        known.stream()
                .flatMap(List::stream)
                .forEach(candle -> byMinute.computeIfAbsent(candle.openTime(), minute -> new ArrayList<>())
                        .add(candle));
        byMinute.values().removeIf(candles -> candles.size() < known.size());
        return byMinute;
    }

    private CompletionStage<Plan> keep(Archive archive, Plan plan, Map<Symbol, List<Candle>> histories) {
        List<Candle> before = histories.values().stream()
                .flatMap(List::stream)
                .filter(candle -> candle.openTime().isBefore(plan.from()))
                .toList();
        LOG.info(
                "Kraken's history is in: {} candles before {}, {} minutes to pass quickly",
                before.size(),
                plan.from(),
                plan.candles().size());
        return archive.writeCandles(before).thenApply(written -> plan);
    }
}
