package tickcast.streams.exchange.kraken;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.market.Symbol;

/** Counts what the feed sees; the first of each bad kind is logged. Kinds are few and fixed. Thread safe. */
final class FeedMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(KrakenFeed.class);

    private final MeterRegistry registry;
    private final Counter reconnects;
    private final Counter repaired;
    private final Counter duplicates;
    private final Counter revised;
    private final Counter unsure;
    private final Map<String, Counter> byKind = new ConcurrentHashMap<>();
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    FeedMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.reconnects = counter("tickcast.feed.reconnects", "Connections lost and sought again");
        this.repaired = counter("tickcast.feed.repaired.trades", "Missing trades that history had");
        this.duplicates = counter("tickcast.feed.duplicate.trades", "Trades that came again");
        this.revised = counter("tickcast.feed.revised.candles", "Passed minutes rebuilt from history");
        this.unsure = counter("tickcast.feed.unsure.minutes", "Minutes of a symbol that passed in doubt");
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void frame(String kind) {
        kind("tickcast.feed.frames", kind);
    }

    /**
     * @param kind one of a few
     * @param example goes into the log once
     */
    void bad(String kind, String example) {
        bad(kind, 1, example);
    }

    void bad(String kind, int count, String example) {
        if (count == 0) {
            return;
        }
        byKind("tickcast.feed.bad.input", kind).increment(count);
        if (logged.add(kind)) {
            LOG.warn("Kraken sent something of no use ({}), it is counted and skipped: {}", kind, example);
        }
    }

    /** The exchange does not serve a symbol; logged once for each. */
    void refused(Symbol symbol, String error) {
        kind("tickcast.feed.bad.input", "refused-symbol");
        if (logged.add("refused-symbol " + symbol)) {
            LOG.warn("Kraken refuses {}, the others go on: {}", symbol, error);
        }
    }

    /**
     * @param call which REST call
     * @param outcome {@code ok} or why not
     */
    void request(String call, String outcome) {
        kind("tickcast.feed.requests", call + "-" + outcome);
    }

    void reconnect() {
        reconnects.increment();
    }

    void repaired(int trades) {
        repaired.increment(trades);
    }

    void duplicates(int trades) {
        duplicates.increment(trades);
    }

    void revised(int candles) {
        revised.increment(candles);
    }

    void unsure(int symbols) {
        unsure.increment(symbols);
    }

    private void kind(String name, String kind) {
        byKind(name, kind).increment();
    }

    private Counter byKind(String name, String kind) {
        return byKind.computeIfAbsent(
                name + kind, key -> Counter.builder(name).tag("kind", kind).register(registry));
    }
}
