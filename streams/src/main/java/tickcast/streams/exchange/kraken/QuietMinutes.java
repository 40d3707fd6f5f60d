package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Candle;

/** The minutes right after a midnight in which nobody traded. Pure. */
final class QuietMinutes {

    private QuietMinutes() {}

    /**
     * Flat candles from {@code start} to the first candle after it; none when the price before is not known, or no candle follows.
     *
     * @param around stored candles, oldest first, from the minute before {@code start} on; all trades after it are in them
     */
    static List<Candle> between(List<Candle> around, Instant start) {
        Optional<Candle> before = around.stream()
                .filter(candle -> candle.closeTime().equals(start))
                .findFirst();
        Optional<Candle> after = around.stream()
                .filter(candle -> !candle.openTime().isBefore(start))
                .findFirst();
        List<Candle> flat = new ArrayList<>();
        if (before.isPresent() && after.isPresent()) {
            Candle known = before.get();
            for (Instant open = start; open.isBefore(after.get().openTime()); open = open.plus(Candle.INTERVAL)) {
                flat.add(Candle.empty(known.symbol(), open, known.close(), open).asImported());
            }
        }
        return flat;
    }
}
