package tickcast.actors.market;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.market.Trade;

/** The trades of open and just closed minutes, and which closed ones got a late trade. Single-threaded. */
final class Tape {

    /** Closed minutes whose coverage is remembered; more than the builder remembers. */
    private static final int REMEMBERED = 64;

    private final CandleBuilder builder;
    private final Map<Instant, Coverage> coverages = new LinkedHashMap<>();
    private final TreeSet<Instant> lateMinutes = new TreeSet<>();
    /** Start of the first minute that this tape closed: it has nothing of earlier ones. */
    private long firstMicros = Long.MIN_VALUE;

    Tape(Symbol symbol) {
        this.builder = new CandleBuilder(symbol);
    }

    /** Takes a trade. */
    CandleBuilder.Outcome add(Trade trade) {
        if (trade.timeMicros() < firstMicros) {
            return CandleBuilder.Outcome.TOO_LATE;
        }
        CandleBuilder.Outcome outcome = builder.add(trade);
        if (outcome == CandleBuilder.Outcome.LATE) {
            lateMinutes.add(Times.minuteOf(Times.ofMicros(trade.timeMicros())));
        }
        return outcome;
    }

    /** Closes a minute. A ready-made candle counts more than the trades. */
    Optional<Candle> close(Closing closing, double lastPrice, Instant knownAt) {
        Instant open = closing.openTime();
        if (firstMicros == Long.MIN_VALUE) {
            firstMicros = Times.micros(open);
        }
        boolean closedBefore = coverages.containsKey(open);
        remember(open, closing.given().isPresent() ? Coverage.UNSURE : closing.coverage());
        Optional<Candle> built =
                closedBefore ? revise(open, knownAt) : builder.close(open, closing.coverage(), lastPrice, knownAt);
        return closing.given().or(() -> built);
    }

    private void remember(Instant open, Coverage coverage) {
        coverages.put(open, coverage);
        if (coverages.size() > REMEMBERED) {
            coverages.remove(coverages.keySet().iterator().next());
        }
    }

    /** A closed minute as its trades are now. */
    Optional<Candle> revise(Instant open, Instant knownAt) {
        return builder.revise(open, coverages.getOrDefault(open, Coverage.UNSURE), knownAt);
    }

    /** Closed minutes that got a trade since they were last taken. */
    Collection<Instant> lateMinutes() {
        return lateMinutes;
    }

    List<Instant> takeLateMinutes() {
        List<Instant> taken = List.copyOf(lateMinutes);
        lateMinutes.clear();
        return taken;
    }

    /** They could not be corrected now. */
    void keepForLater(Collection<Instant> minutes) {
        lateMinutes.addAll(minutes);
    }
}
