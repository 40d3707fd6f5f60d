package tickcast.actors.topic;

import java.util.List;
import tickcast.actors.CborSerializable;
import tickcast.model.market.Symbol;

/**
 * How far a feed has read the past back.
 *
 * @param symbols each with what there is and what is aimed at
 * @param remainingMillis estimate of the real time that is left, 0 when all is there, −1 while nothing is known yet
 * @param detail one plain sentence
 */
public record HistoryProgress(List<OfSymbol> symbols, long remainingMillis, String detail) implements CborSerializable {

    /** No estimate yet. */
    public static final long UNKNOWN = -1;

    /** @param days of 24 hours that are there, the newest ones first @param wantedDays how many are aimed at */
    public record OfSymbol(Symbol symbol, double days, double wantedDays) {}

    /** Whether everything that was aimed at is there. */
    public boolean isComplete() {
        return remainingMillis == 0;
    }
}
