package tickcast.streams.exchange.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** Puts the simulated candles that the archive lacks into it, a day at a time, the next day being made meanwhile. */
final class SimulatedHistory {

    private static final Duration CHUNK = Duration.ofDays(1);

    private final SimulatedMarket market;
    private final Archive archive;

    SimulatedHistory(SimulatedMarket market, Archive archive) {
        this.market = market;
        this.archive = archive;
    }

    /** Completes when every candle in {@code [from, to)} is stored. */
    CompletionStage<Void> fill(Instant from, Instant to) {
        return firstMissing(from, to).thenCompose(missing -> write(missing, to));
    }

    /** The archive is filled from old to new, so what it has is one piece: what is missing follows its newest candle, unless its oldest is too young. */
    private CompletionStage<Instant> firstMissing(Instant from, Instant to) {
        CompletionStage<Instant> earliest = CompletableFuture.completedStage(to);
        for (Symbol symbol : market.symbols()) {
            earliest = earliest.thenCombine(firstMissing(symbol, from, to), (a, b) -> a.isBefore(b) ? a : b);
        }
        return earliest;
    }

    private CompletionStage<Instant> firstMissing(Symbol symbol, Instant from, Instant to) {
        return archive.candles(symbol, Page.forward(from, to, 1))
                .thenCombine(archive.candles(symbol, Page.backward(from, to, 1)), (oldest, newest) -> {
                    boolean reachesBack =
                            !oldest.isEmpty() && !oldest.get(0).openTime().isAfter(from);
                    return reachesBack ? newest.get(0).closeTime() : from;
                });
    }

    private CompletionStage<Void> write(Instant from, Instant to) {
        return writeChunks(make(from, to), from, to);
    }

    private CompletionStage<Void> writeChunks(CompletableFuture<List<Candle>> made, Instant from, Instant to) {
        if (!from.isBefore(to)) {
            return CompletableFuture.completedStage(null);
        }
        Instant next = from.plus(CHUNK);
        return made.thenCompose(candles -> {
            CompletableFuture<List<Candle>> meanwhile = make(next, to);
            return archive.writeCandles(candles).thenCompose(stored -> writeChunks(meanwhile, next, to));
        });
    }

    private CompletableFuture<List<Candle>> make(Instant from, Instant to) {
        Instant end = from.plus(CHUNK).isBefore(to) ? from.plus(CHUNK) : to;
        return CompletableFuture.supplyAsync(() -> from.isBefore(end) ? market.candles(from, end) : List.<Candle>of());
    }
}
