package tickcast.model.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.sentiment.Sentiment;

/**
 * What happened, as far as it is known.
 *
 * @param candles by symbol, ascending, newest revisions, holes possible
 * @param sentiment scored news, in any order
 */
public record MarketHistory(SortedMap<Symbol, List<Candle>> candles, List<Sentiment> sentiment) {

    public MarketHistory {
        candles.forEach(MarketHistory::requireAscending);
        sentiment = sentiment.stream()
                .sorted(Comparator.comparing(Sentiment::knownAt))
                .toList();
    }

    public static MarketHistory of(Map<Symbol, List<Candle>> candles, List<Sentiment> sentiment) {
        SortedMap<Symbol, List<Candle>> sorted = new TreeMap<>(candles);
        sorted.values().removeIf(List::isEmpty);
        return new MarketHistory(sorted, sentiment);
    }

    private static void requireAscending(Symbol symbol, List<Candle> candles) {
        Instant previous = Instant.MIN;
        for (Candle candle : candles) {
            if (!candle.openTime().isAfter(previous) || !candle.symbol().equals(symbol)) {
                throw new IllegalArgumentException(
                        "candles of " + symbol + " must be its own and rise, at " + candle.openTime());
            }
            previous = candle.openTime();
        }
    }

    /** What was over and known at {@code now}: nothing that closed or was heard later. */
    public MarketHistory until(Instant now) {
        SortedMap<Symbol, List<Candle>> known = new TreeMap<>();
        candles.forEach((symbol, all) -> {
            List<Candle> past = new ArrayList<>();
            for (Candle candle : all) {
                if (!candle.closeTime().isAfter(now)) {
                    past.add(candle);
                }
            }
            if (!past.isEmpty()) {
                known.put(symbol, List.copyOf(past));
            }
        });
        return new MarketHistory(
                known,
                sentiment.stream().filter(item -> !item.knownAt().isAfter(now)).toList());
    }

    /** Open time of the first candle of all. @throws NotEnoughHistory when there is none */
    public Instant from() {
        return candles.values().stream()
                .map(list -> list.get(0).openTime())
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new NotEnoughHistory("there is not a single candle"));
    }

    /** Close time of the last candle of all. @throws NotEnoughHistory when there is none */
    public Instant to() {
        return candles.values().stream()
                .map(list -> list.get(list.size() - 1).closeTime())
                .max(Comparator.naturalOrder())
                .orElseThrow(() -> new NotEnoughHistory("there is not a single candle"));
    }
}
