package tickcast.streams.kafka;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Symbol;

/**
 * How far one partition may be committed: not beyond the first record that a minute which a market still remembers was
 * made from, so that a market that starts again from the committed offset remembers the same minutes.
 *
 * <p>Tell it every record in the order of the log, once it is done with. Single-threaded; a few entries a symbol.
 *
 * @param <C> what commits a record and all before it
 */
final class OffsetTracker<C> {

    /** The oldest record that a minute needs. @param before commits everything before it, if there was anything */
    private record Pin<C>(long offset, Optional<C> before) {}

    private static final class Minutes<C> {
        private final TreeMap<Long, Pin<C>> pins = new TreeMap<>();
        private Optional<Pin<C>> missed = Optional.empty();
        private long lastClosed = Long.MIN_VALUE;

        boolean isRemembered(long minute) {
            return lastClosed == Long.MIN_VALUE || minute > lastClosed - CandleBuilder.REMEMBERED_MINUTES;
        }
    }

    private final Map<Symbol, Minutes<C>> symbols = new HashMap<>();
    private Optional<C> last = Optional.empty();

    /** Trades of a symbol were taken. @param minutes epoch minutes that they belong to, repetitions allowed */
    void traded(long offset, C token, Symbol symbol, Collection<Long> minutes) {
        Minutes<C> own = of(symbol);
        minutes.forEach(minute -> pin(own, minute, offset));
        last = Optional.of(token);
    }

    /** A symbol's minute was closed. @param minute its epoch minute */
    void closed(long offset, C token, Symbol symbol, long minute) {
        Minutes<C> own = of(symbol);
        pin(own, minute, offset);
        if (minute > own.lastClosed) {
            own.lastClosed = minute;
            own.pins.headMap(minute - CandleBuilder.REMEMBERED_MINUTES, true).clear();
        }
        last = Optional.of(token);
    }

    /** A record was done with that no market remembers. */
    void passed(C token) {
        last = Optional.of(token);
    }

    /** A record did not reach its symbol's market: nothing is committed beyond it, nor beyond what the market remembers. */
    void missed(long offset, C token, Symbol symbol) {
        Minutes<C> own = of(symbol);
        own.missed = own.missed.or(() -> Optional.of(new Pin<>(offset, last)));
        last = Optional.of(token);
    }

    private Minutes<C> of(Symbol symbol) {
        return symbols.computeIfAbsent(symbol, unknown -> new Minutes<>());
    }

    private void pin(Minutes<C> own, long minute, long offset) {
        if (own.isRemembered(minute)) {
            own.pins.putIfAbsent(minute, new Pin<>(offset, last));
        }
    }

    /** What may be committed now, if anything. Never goes back. */
    Optional<C> committable() {
        return symbols.values().stream()
                .flatMap(own -> Stream.concat(own.pins.values().stream(), own.missed.stream()))
                .min(Comparator.comparingLong(Pin::offset))
                .map(Pin::before)
                .orElse(last);
    }
}
