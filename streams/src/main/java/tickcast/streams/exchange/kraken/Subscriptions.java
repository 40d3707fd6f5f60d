package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tickcast.model.market.Symbol;

/** Asks for the trades of all symbols, batched and at a polite rate, again when nothing answers. Single-threaded. */
final class Subscriptions {

    private final KrakenSettings settings;
    private final Map<Symbol, Subscription> bySymbol = new LinkedHashMap<>();
    private final TokenBucket politeness;

    Subscriptions(KrakenSettings settings, List<Symbol> symbols) {
        this.settings = settings;
        symbols.forEach(symbol -> bySymbol.put(symbol, new Subscription(symbol)));
        this.politeness = new TokenBucket(1_000_000_000L / settings.subscribesPerSecond(), 1, 0);
    }

    Subscription of(Symbol symbol) {
        return bySymbol.get(symbol);
    }

    Collection<Subscription> all() {
        return bySymbol.values();
    }

    void forgetAll() {
        bySymbol.values().forEach(Subscription::forget);
    }

    boolean areSettled() {
        return bySymbol.values().stream().allMatch(Subscription::isSettled);
    }

    /** Sends the next request, if one is due and the rate allows it. */
    void tick(Instant now, Consumer<String> send) {
        for (Subscription subscription : bySymbol.values()) {
            if (subscription.isUnanswered(now, settings.frameTimeout())) {
                subscription.reset();
            }
        }
        List<Subscription> batch = bySymbol.values().stream()
                .filter(Subscription::isWanted)
                .limit(settings.symbolsPerSubscribe())
                .toList();
        if (!batch.isEmpty() && politeness.tryTake(nanos(now))) {
            batch.forEach(subscription -> subscription.request(now));
            send.accept(message("subscribe", batch));
        }
    }

    /** Takes a subscription back and asks for it anew. */
    void renew(Subscription subscription, Instant now, Consumer<String> send) {
        if (politeness.tryTake(nanos(now))) {
            send.accept(message("unsubscribe", List.of(subscription)));
        }
        subscription.reset();
    }

    private static long nanos(Instant now) {
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    private static String message(String method, List<Subscription> batch) {
        String names = batch.stream()
                .map(subscription -> '"' + subscription.symbol().name() + '"')
                .collect(Collectors.joining(","));
        String snapshot = method.equals("subscribe") ? ",\"snapshot\":true" : "";
        return "{\"method\":\"" + method + "\",\"params\":{\"channel\":\"trade\",\"symbol\":[" + names + "]" + snapshot
                + "}}";
    }
}
