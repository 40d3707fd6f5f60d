package tickcast.http.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.NotEnoughHistory;
import tickcast.model.training.ServedVectors;

/** What the store knows of the past, for training. Blocking. */
final class StoredHistory {

    private final Archive archive;
    private final List<Symbol> symbols;

    StoredHistory(Archive archive, List<Symbol> symbols) {
        this.archive = archive;
        this.symbols = symbols;
    }

    /** Reads the newest part, up to the last closed candle. @throws NotEnoughHistory when there is no candle */
    MarketHistory read(Duration newest) {
        Instant now = newestClose();
        Instant from = now.minus(newest);
        Map<Symbol, List<Candle>> candles = new HashMap<>();
        List<Sentiment> news =
                new ArrayList<>(await(archive.sentiment(Sentiment.MARKET_WIDE, Page.all(from, Instant.MAX))));
        for (Symbol symbol : symbols) {
            candles.put(symbol, await(archive.candles(symbol, Page.all(from, now))));
            news.addAll(await(archive.sentiment(symbol.name(), Page.all(from, Instant.MAX))));
        }
        return MarketHistory.of(candles, news);
    }

    private Instant newestClose() {
        return symbols.stream()
                .flatMap(symbol -> await(archive.candles(symbol, Page.latest(1))).stream())
                .map(Candle::closeTime)
                .max(Instant::compareTo)
                .orElseThrow(() -> new NotEnoughHistory("there is not a single candle of " + Words.names(symbols)));
    }

    /** The vectors that were served. */
    ServedVectors served() {
        return (symbol, from, to) -> await(archive.features(symbol, Page.all(from, to)));
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
