package tickcast.streams.exchange;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tickcast.actors.market.Market;
import tickcast.model.market.Symbol;

/**
 * Which life of each market has heard what one reading of a source has said so far. A market that was started again in
 * between knows only the rest of it. Thread safe.
 */
final class Lives {

    private final Map<Symbol, Long> lives = new ConcurrentHashMap<>();

    /** The life that listens, or {@link Market#ANY_LIFE} when nothing has been said yet. */
    long of(Symbol symbol) {
        return lives.getOrDefault(symbol, Market.ANY_LIFE);
    }

    /**
     * A market has answered.
     *
     * @throws MarketsBehind when another life of it had answered before
     */
    void answered(Symbol symbol, long life) {
        Long before = lives.putIfAbsent(symbol, life);
        if (before != null && before != life) {
            throw new MarketsBehind(
                    "Market " + symbol + " was started again; what it was told of the open minutes is told again.");
        }
    }
}
