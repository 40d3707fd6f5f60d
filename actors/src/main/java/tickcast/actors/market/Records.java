package tickcast.actors.market;

import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BinaryOperator;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/** One symbol's records, read and written with patience. Never blocks; thread safe. */
final class Records {

    /** How far behind a correction minutes without trades are levelled to the new close. */
    private static final Duration LEVELLED = Duration.ofDays(1);

    private final ActorSystem<?> system;
    private final Symbol symbol;
    private final Market.Settings settings;
    private final Archive archive;
    private final long epoch;

    /** @param epoch of everything that is written here, see {@link Archive#writeCandles(List, long)} */
    Records(ActorSystem<?> system, Symbol symbol, Market.Settings settings, Archive archive, long epoch) {
        this.system = system;
        this.symbol = symbol;
        this.settings = settings;
        this.archive = archive;
        this.epoch = epoch;
    }

    CompletionStage<Void> write(List<Candle> candles) {
        if (candles.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<Candle> batch = List.copyOf(candles);
        return settings.backoff().run(system, () -> archive.writeCandles(batch, epoch));
    }

    CompletionStage<History> history(Instant closeTime) {
        return settings.backoff()
                .run(system, () -> History.read(archive, symbol, closeTime, settings.horizonMinutes()));
    }

    /**
     * Stores what is newer in these candles than in the stored ones. Returns what was written.
     *
     * @param changed of the stored candles and the proposals, those to be written
     */
    CompletionStage<List<Candle>> correct(List<Candle> proposals, BinaryOperator<List<Candle>> changed) {
        if (proposals.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        Instant first =
                proposals.stream().map(Candle::openTime).min(Instant::compareTo).orElseThrow();
        Instant last = proposals.stream()
                .map(Candle::closeTime)
                .max(Instant::compareTo)
                .orElseThrow();
        Page page = Page.all(first.minus(Candle.INTERVAL), last.plus(LEVELLED));
        return settings.backoff()
                .run(system, () -> archive.candles(symbol, page))
                .thenApply(stored -> changed.apply(stored, proposals))
                .thenCompose(fresh -> write(fresh).thenApply(written -> fresh));
    }
}
