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

    /** Closed minutes whose coverage is remembered; as many as the builder remembers, and some. */
    private static final int REMEMBERED = CandleBuilder.REMEMBERED_MINUTES + 3;

    private final CandleBuilder builder;
    private final Map<Instant, Coverage> coverages = new LinkedHashMap<>();
    private final TreeSet<Instant> lateMinutes = new TreeSet<>();

    Tape(Symbol symbol) {
        this.builder = new CandleBuilder(symbol);
    }

    /** Takes trades. Returns how many of them did not count. @param life of the market */
    Market.Recorded record(List<Trade> trades, long life) {
        int duplicates = 0;
        int tooLate = 0;
        for (Trade trade : trades) {
            switch (add(trade)) {
                case DUPLICATE -> duplicates++;
                case TOO_LATE -> tooLate++;
                case ADDED, LATE -> {}
            }
        }
        return new Market.Recorded(duplicates, tooLate, life);
    }

    /** Takes a trade. */
    CandleBuilder.Outcome add(Trade trade) {
        CandleBuilder.Outcome outcome = builder.add(trade);
        if (outcome == CandleBuilder.Outcome.LATE) {
            lateMinutes.add(Times.minuteOf(Times.ofMicros(trade.timeMicros())));
        }
        return outcome;
    }

    /** Closes a minute. A ready-made candle counts more than the trades. */
    Optional<Candle> close(Closing closing, double lastPrice, Instant knownAt) {
        Instant open = closing.openTime();
        remember(open, closing.given().isPresent() ? Coverage.UNSURE : closing.coverage());
        Optional<Candle> built = builder.close(open, closing.coverage(), lastPrice, knownAt);
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

    /**
     * Closed minutes whose candles have come from elsewhere and say more, or something else, than the trades here: these
     * no longer count, and a further trade of such a minute can't undo its correction.
     */
    void yieldTo(Collection<Candle> given) {
        given.stream()
                .filter(candle -> candle.quality().isWhole() && candle.trades() != 0)
                .filter(candle -> coverages.containsKey(candle.openTime()))
                .filter(candle -> revise(candle.openTime(), candle.knownAt())
                        .filter(own -> !Revisions.isBetter(candle, own))
                        .isEmpty())
                .forEach(candle -> builder.release(candle.openTime()));
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
