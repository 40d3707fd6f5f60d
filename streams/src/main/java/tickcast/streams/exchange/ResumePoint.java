package tickcast.streams.exchange;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/**
 * Where a feed that knows its past goes on after a restart. A symbol's last published prediction says how far it had
 * come; its minute is closed once more, because the errors that mature with it may not have been stored any more. All of
 * it is idempotent.
 */
public final class ResumePoint {

    private ResumePoint() {}

    /**
     * The start of the first minute to be played: the earliest over all symbols.
     *
     * @param beginning where a symbol begins of which nothing was predicted yet; none begins before
     */
    public static CompletionStage<Instant> find(
            Archive archive, List<Symbol> symbols, Function<Symbol, Instant> beginning) {
        CompletionStage<Instant> earliest = CompletableFuture.completedStage(Instant.MAX);
        for (Symbol symbol : symbols) {
            earliest = earliest.thenCombine(
                    ofSymbol(archive, symbol, beginning.apply(symbol)), (a, b) -> a.isBefore(b) ? a : b);
        }
        return earliest;
    }

    private static CompletionStage<Instant> ofSymbol(Archive archive, Symbol symbol, Instant beginning) {
        return archive.predictions(symbol, Page.latest(1))
                .thenApply(newest -> newest.stream()
                        .map(prediction -> prediction.asOf().minus(Candle.INTERVAL))
                        .filter(resume -> resume.isAfter(beginning))
                        .findFirst()
                        .orElse(beginning));
    }
}
