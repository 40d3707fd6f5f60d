package tickcast.model.market;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes candles of one symbol's trades. Single-threaded.
 *
 * <p>Any number of minutes may be open at once, at most {@value #MAX_MINUTES} with trades: where one found no room its candle
 * is PARTIAL. A minute is closed once it, or a later one, was closed here. So every minute must be closed here, also one whose candle comes from elsewhere. The candle
 * depends on the set of trades alone: order and repetition change nothing. Adding a trade allocates nothing unless it opens
 * a minute or leaves a hole in the ids.
 */
public final class CandleBuilder {

    /** Closed minutes that still take late trades. */
    public static final int REMEMBERED_MINUTES = 5;

    private static final int MAX_MINUTES = 1500;
    private static final int USUAL_MINUTES = 8;
    private static final int FORGOTTEN_ID_RANGES = 32;
    private static final long MICROS_PER_MINUTE = 60_000_000L;
    private static final long NONE = Long.MIN_VALUE;

    /** What became of a trade. */
    public enum Outcome {
        /** Entered an open minute. */
        ADDED,
        /** Its id had been seen. */
        DUPLICATE,
        /** Entered a minute that is closed but still remembered: {@link #revise} gives the new candle. */
        LATE,
        /** Its minute is no longer remembered: only a rebuild from history can mend it. */
        TOO_LATE
    }

    private final Symbol symbol;
    private final int maxMinutes;
    /** Ids of minutes that are no longer remembered, to tell repeated trades from late ones. */
    private final IdRanges forgottenIds = new IdRanges(FORGOTTEN_ID_RANGES);
    /** By rising minute; behind {@code size} wait used ones. */
    private MinuteTally[] tallies = new MinuteTally[USUAL_MINUTES];

    private int size;
    private long firstClosed = NONE;
    private long lastClosed = NONE;
    /** Trades found no room in some of the minutes from here to {@link #lastCrowded}. */
    private long firstCrowded = Long.MAX_VALUE;

    private long lastCrowded = NONE;

    public CandleBuilder(Symbol symbol) {
        this(symbol, MAX_MINUTES);
    }

    private CandleBuilder(Symbol symbol, int maxMinutes) {
        this.symbol = symbol;
        this.maxMinutes = maxMinutes;
    }

    /**
     * Makes the candles of imported history: known-at is nominal, the close time. Minutes without a trade are left out.
     *
     * @param trades all trades of their minutes, in any order, repetitions allowed
     * @return by rising time, revision 0
     */
    public static List<Candle> candlesOf(Symbol symbol, List<Trade> trades, Coverage coverage) {
        CandleBuilder builder = gather(symbol, trades);
        List<Candle> candles = new ArrayList<>(builder.size);
        for (int i = 0; i < builder.size; i++) {
            MinuteTally tally = builder.tallies[i];
            candles.add(tally.candle(symbol, traded(coverage), Times.ofEpochMinute(tally.minute() + 1), true));
        }
        return candles;
    }

    /** As {@link #candlesOf(Symbol, List, Coverage)}, known since {@code knownAt}: for repairs and what is read back. */
    public static List<Candle> candlesOf(Symbol symbol, List<Trade> trades, Coverage coverage, Instant knownAt) {
        CandleBuilder builder = gather(symbol, trades);
        List<Candle> candles = new ArrayList<>(builder.size);
        for (int i = 0; i < builder.size; i++) {
            candles.add(builder.tallies[i].candle(symbol, traded(coverage), knownAt, false));
        }
        return candles;
    }

    private static CandleBuilder gather(Symbol symbol, List<Trade> trades) {
        CandleBuilder builder = new CandleBuilder(symbol, Integer.MAX_VALUE);
        for (Trade trade : trades) {
            builder.add(trade);
        }
        return builder;
    }

    /**
     * Takes a trade.
     *
     * @throws IllegalArgumentException when it is another symbol's
     */
    public Outcome add(Trade trade) {
        if (!trade.symbol().equals(symbol)) {
            throw new IllegalArgumentException("a trade of " + trade.symbol() + " came to the candles of " + symbol);
        }
        long minute = Math.floorDiv(trade.timeMicros(), MICROS_PER_MINUTE);
        if (!isRemembered(minute)) {
            return forgottenIds.contains(trade.id()) ? Outcome.DUPLICATE : Outcome.TOO_LATE;
        }
        int at = lastUpTo(minute);
        if (isKnownNextTo(at, minute, trade.id())) {
            return Outcome.DUPLICATE;
        }
        if (!isTally(at, minute)) {
            if (size >= maxMinutes) {
                return turnAway(minute);
            }
            insert(++at, minute);
        }
        return tally(tallies[at], trade);
    }

    private Outcome turnAway(long minute) {
        firstCrowded = Math.min(firstCrowded, minute);
        lastCrowded = Math.max(lastCrowded, minute);
        return Outcome.TOO_LATE;
    }

    /** Nobody has seen all of a minute whose trades were turned away. */
    private Coverage seen(long minute, Coverage coverage) {
        return minute >= firstCrowded && minute <= lastCrowded ? Coverage.UNSURE : coverage;
    }

    private Outcome tally(MinuteTally tally, Trade trade) {
        if (tally.isReleased()) {
            return tally.ids().contains(trade.id()) ? Outcome.DUPLICATE : Outcome.TOO_LATE;
        }
        if (!tally.add(trade)) {
            return Outcome.DUPLICATE;
        }
        return tally.minute() > lastClosed ? Outcome.ADDED : Outcome.LATE;
    }

    /**
     * Gives a remembered minute away whose candle now comes from elsewhere (a repair knew trades that never came here): further
     * trades of it are TOO_LATE, and it can't be revised from what is known here.
     */
    public void release(Instant openTime) {
        long minute = Times.epochMinute(openTime);
        if (!isRemembered(minute)) {
            return;
        }
        int at = lastUpTo(minute);
        if (!isTally(at, minute)) {
            insert(++at, minute);
        }
        tallies[at].release();
    }

    private boolean isTally(int at, long minute) {
        return at >= 0 && tallies[at].minute() == minute;
    }

    private boolean hasTrades(int at, long minute) {
        return isTally(at, minute) && tallies[at].hasTrades();
    }

    /** Whether a neighbouring minute holds the id: two channels may disagree on a time by a hair. */
    private boolean isKnownNextTo(int at, long minute, long id) {
        int below = isTally(at, minute) ? at - 1 : at;
        return below >= 0 && tallies[below].ids().contains(id)
                || at + 1 < size && tallies[at + 1].ids().contains(id);
    }

    /**
     * Closes the minute that starts at {@code openTime}; it is remembered for some minutes more. Without trades the candle is
     * flat at {@code lastPrice} and {@link Quality#EMPTY}, or PARTIAL when the coverage is UNSURE or the minute is no longer
     * remembered, was released or had to turn trades away. Closing it again gives the candle as it is then.
     *
     * @param lastPrice close of the previous candle, or NaN when there is none
     * @return empty when there was no trade and no last price
     */
    public Optional<Candle> close(Instant openTime, Coverage coverage, double lastPrice, Instant knownAt) {
        long minute = Times.epochMinute(openTime);
        boolean isRemembered = isRemembered(minute);
        advanceTo(minute);
        int at = lastUpTo(minute);
        Coverage seen = seen(minute, coverage);
        if (hasTrades(at, minute)) {
            return Optional.of(tallies[at].candle(symbol, traded(seen), knownAt, false));
        }
        if (Double.isNaN(lastPrice)) {
            return Optional.empty();
        }
        Instant start = Times.ofEpochMinute(minute);
        return Optional.of(
                isRemembered && !isTally(at, minute) && seen != Coverage.UNSURE
                        ? Candle.empty(symbol, start, lastPrice, knownAt)
                        : Candle.missing(symbol, start, lastPrice, knownAt));
    }

    /**
     * The remembered minute as it is now, revision 0; the caller numbers revisions.
     *
     * @return empty when the minute has no trade, was released or is no longer remembered
     */
    public Optional<Candle> revise(Instant openTime, Coverage coverage, Instant knownAt) {
        long minute = Times.epochMinute(openTime);
        int at = lastUpTo(minute);
        return hasTrades(at, minute)
                ? Optional.of(tallies[at].candle(symbol, traded(seen(minute, coverage)), knownAt, false))
                : Optional.empty();
    }

    private static Quality traded(Coverage coverage) {
        return switch (coverage) {
            case SEEN -> Quality.COMPLETE;
            case FILLED -> Quality.REPAIRED;
            case UNSURE -> Quality.PARTIAL;
        };
    }

    private boolean isRemembered(long minute) {
        return lastClosed == NONE || minute >= firstClosed && minute > lastClosed - REMEMBERED_MINUTES;
    }

    private void advanceTo(long minute) {
        if (minute <= lastClosed) {
            return;
        }
        if (lastClosed == NONE) {
            firstClosed = minute;
        }
        lastClosed = minute;
        while (size > 0 && !isRemembered(tallies[0].minute())) {
            forgetOldest();
        }
        if (!isRemembered(lastCrowded)) {
            firstCrowded = Long.MAX_VALUE;
        }
    }

    private void forgetOldest() {
        MinuteTally oldest = tallies[0];
        forgottenIds.addAll(oldest.ids());
        System.arraycopy(tallies, 1, tallies, 0, --size);
        tallies[size] = oldest;
        if (size <= USUAL_MINUTES / 2 && tallies.length > USUAL_MINUTES) {
            tallies = Arrays.copyOf(tallies, USUAL_MINUTES);
        }
    }

    private void insert(int at, long minute) {
        if (size == tallies.length) {
            tallies = Arrays.copyOf(tallies, size * 2);
        }
        MinuteTally fresh = tallies[size] == null ? new MinuteTally() : tallies[size];
        System.arraycopy(tallies, at, tallies, at + 1, size - at);
        tallies[at] = fresh.begin(minute);
        size++;
    }

    /** Index of the newest tally up to {@code minute}, or −1. */
    private int lastUpTo(long minute) {
        int at = size - 1;
        while (at >= 0 && tallies[at].minute() > minute) {
            at--;
        }
        return at;
    }
}
