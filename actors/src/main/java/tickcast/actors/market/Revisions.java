package tickcast.actors.market;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/** Which stored candles change when newer truth about their minutes arrives. Pure. */
final class Revisions {

    /** Relative; the exchange's own sum of eight-decimal quantities and ours may round differently. */
    private static final double SUMMING_ERROR = 1e-9;

    private Revisions() {}

    /**
     * What a newly made candle of a minute becomes when one of it is already stored: the stored one, when both describe the
     * same market or the new one has trades missing that the stored one has; else the next revision.
     */
    static Candle settle(Candle made, Optional<Candle> stored) {
        if (stored.isEmpty()) {
            return made;
        }
        Candle known = stored.get();
        return isBetter(made, known) ? made.withRevision(known.revision() + 1, made.knownAt()) : known;
    }

    /** As {@link #settle} for a minute that is closed again after a restart: trades that were stored then may not come again. */
    static Candle settleAgain(Candle made, Optional<Candle> stored) {
        return stored.filter(known -> known.quality().isWhole() && made.trades() < known.trades())
                .orElseGet(() -> settle(made, stored));
    }

    /**
     * The candles to be written when minutes got late trades: as {@link #between}, but a whole candle with more trades stays. It
     * came from elsewhere, or from an earlier life, and not all of its trades may have come here (yet).
     *
     * @param made of these minutes' trades as they are now
     */
    static List<Candle> late(List<Candle> stored, List<Candle> made) {
        Map<Instant, Candle> before = byOpenTime(stored);
        return between(
                stored,
                made.stream()
                        .map(candle -> settleAgain(candle, Optional.ofNullable(before.get(candle.openTime()))))
                        .toList());
    }

    /**
     * The candles to be written: proposals that differ from what is stored, and minutes without trades that follow a changed
     * close, flat at the new one.
     *
     * @param stored newest revisions, oldest first, from the minute before the first proposal on
     * @param proposals in any order; of two of one minute the later in the list counts
     */
    static List<Candle> between(List<Candle> stored, List<Candle> proposals) {
        Map<Instant, Candle> before = byOpenTime(stored);
        Map<Instant, Candle> proposed = byOpenTime(proposals);
        Map<Instant, Candle> minutes = new TreeMap<>(before);
        minutes.putAll(proposed);
        List<Candle> changed = new ArrayList<>();
        Optional<Candle> previous = Optional.empty();
        Instant knownAt = Instant.MIN;
        for (Instant open : minutes.keySet()) {
            Optional<Candle> known = Optional.ofNullable(before.get(open));
            Optional<Candle> proposal = Optional.ofNullable(proposed.get(open));
            if (proposal.isPresent()) {
                knownAt = proposal.get().knownAt();
            }
            Candle base = settle(proposal.or(() -> known).orElseThrow(), known);
            Candle settled = settle(levelled(base, previous, knownAt), known);
            if (known.isEmpty() || settled != known.get()) {
                changed.add(settled);
            }
            previous = Optional.of(settled);
        }
        return changed;
    }

    /** A minute without trades is flat at the close of the minute before. */
    private static Candle levelled(Candle candle, Optional<Candle> previous, Instant knownAt) {
        boolean follows = previous.filter(before -> before.closeTime().equals(candle.openTime()))
                .filter(before -> before.close() != candle.close())
                .isPresent();
        if (candle.trades() != 0 || !follows) {
            return candle;
        }
        double price = previous.get().close();
        Candle flat = candle.quality().isWhole()
                ? Candle.empty(candle.symbol(), candle.openTime(), price, knownAt)
                : Candle.missing(candle.symbol(), candle.openTime(), price, knownAt);
        return flat.withRevision(candle.revision(), knownAt);
    }

    /** Whether a candle from outside makes sense; others are left out. */
    static boolean isSound(Candle candle, Symbol symbol) {
        return candle.symbol().equals(symbol)
                && candle.openTime().equals(Times.minuteOf(candle.openTime()))
                && candle.low() > 0
                && candle.high() < Double.POSITIVE_INFINITY
                && candle.low() <= Math.min(candle.open(), candle.close())
                && candle.high() >= Math.max(candle.open(), candle.close())
                && candle.volume() >= 0
                && candle.volume() < Double.POSITIVE_INFINITY;
    }

    /** Whether a candle takes the place of another one of the same minute. */
    static boolean isBetter(Candle made, Candle known) {
        boolean losesTrades = known.quality().isWhole() && !made.quality().isWhole();
        return !losesTrades && !losesFlow(made, known) && !made.sameMarket(known);
    }

    /** Whether a whole minute is told again by a source without flow, such as OHLC, and nothing else is different. */
    private static boolean losesFlow(Candle made, Candle known) {
        return known.quality().isWhole()
                && Double.isNaN(made.buyVolume())
                && !Double.isNaN(known.buyVolume())
                && made.open() == known.open()
                && made.high() == known.high()
                && made.low() == known.low()
                && made.close() == known.close()
                && Math.abs(made.volume() - known.volume()) <= SUMMING_ERROR * known.volume()
                && (made.trades() == known.trades() || made.trades() < 0);
    }

    private static Map<Instant, Candle> byOpenTime(List<Candle> candles) {
        Map<Instant, Candle> byOpenTime = new TreeMap<>();
        candles.forEach(candle -> byOpenTime.put(candle.openTime(), candle));
        return byOpenTime;
    }
}
