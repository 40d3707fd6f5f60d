package tickcast.streams.exchange.kraken;

import java.util.List;
import tickcast.model.market.Trade;

/**
 * One answer of REST {@code Trades}.
 *
 * @param trades by rising time
 * @param lastNanos cursor: time of the last trade in epoch nanoseconds
 * @param full whether there may be more behind it
 * @param malformed rows that were no trade
 */
record TradesPage(List<Trade> trades, long lastNanos, boolean full, int malformed) {

    /** Most trades in one answer. */
    static final int LIMIT = 1000;

    /**
     * The {@code since} that leads on, overlapping by the last trade: others may share its nanosecond. Without any progress
     * the overlap is given up.
     */
    long nextSinceNanos(long sinceNanos) {
        return Math.max(lastNanos - 1, sinceNanos) == sinceNanos ? lastNanos : lastNanos - 1;
    }
}
