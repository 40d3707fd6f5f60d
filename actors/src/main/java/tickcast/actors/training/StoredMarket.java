package tickcast.actors.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.Progress;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSetBuilder;

/** What the archive knows of the market. Blocking; thread safe. */
final class StoredMarket {

    private final Archive archive;
    private final List<Symbol> symbols;

    StoredMarket(Archive archive, List<Symbol> symbols) {
        this.archive = archive;
        this.symbols = symbols;
    }

    List<Symbol> symbols() {
        return symbols;
    }

    Archive archive() {
        return archive;
    }

    /** "Now" on the market's clock, as far as it is stored. */
    Optional<Instant> newestClose() {
        return symbols.stream()
                .flatMap(symbol -> await(archive.candles(symbol, Page.latest(1))).stream())
                .map(Candle::closeTime)
                .max(Instant::compareTo);
    }

    MarketHistory history(Instant from, Instant now) {
        Map<Symbol, List<Candle>> candles = new HashMap<>();
        List<Sentiment> sentiment =
                new ArrayList<>(await(archive.sentiment(Sentiment.MARKET_WIDE, Page.all(from, Instant.MAX))));
        for (Symbol symbol : symbols) {
            candles.put(symbol, await(archive.candles(symbol, Page.all(from, now))));
            sentiment.addAll(await(archive.sentiment(symbol.name(), Page.all(from, Instant.MAX))));
        }
        return MarketHistory.of(candles, sentiment);
    }

    List<FeatureVector> served(Symbol symbol, Instant from, Instant to) {
        return await(archive.features(symbol, Page.all(from, to)));
    }

    /** Vectors of that time with what came; candles are read from {@code from} on, so the first day or two may lack rows. */
    TrainingSet rows(Instant from, Instant now, int horizonMinutes) {
        return new TrainingSetBuilder(horizonMinutes, this::served).build(history(from, now), now, Progress.SILENT);
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
