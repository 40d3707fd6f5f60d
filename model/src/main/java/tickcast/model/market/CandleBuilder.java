package tickcast.model.market;

import java.time.Instant;
import java.util.Optional;

/** Makes candles of one symbol's trades. Single-threaded. */
public final class CandleBuilder {

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

    public CandleBuilder(Symbol symbol) {}

    /** Takes a trade. */
    public Outcome add(Trade trade) {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes the minute that starts at {@code openTime}; it is remembered for some minutes more. Without trades the candle is flat at
     * {@code lastPrice} and {@link Quality#EMPTY}, or PARTIAL when the coverage is UNSURE.
     *
     * @param lastPrice close of the previous candle, or NaN when there is none
     * @return empty when there was no trade and no last price
     */
    public Optional<Candle> close(Instant openTime, Coverage coverage, double lastPrice, Instant knownAt) {
        throw new UnsupportedOperationException();
    }

    /** The remembered minute as it is now, revision 0; the caller numbers revisions. */
    public Optional<Candle> revise(Instant openTime, Coverage coverage, Instant knownAt) {
        throw new UnsupportedOperationException();
    }
}
