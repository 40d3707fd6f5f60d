package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tickcast.actors.topic.HistoryProgress.OfSymbol;

/** How far the reading of history is, in words for people. */
final class HistoryWords {

    private HistoryWords() {}

    /** One sentence; says it is complete when nothing remains. */
    static String of(List<OfSymbol> symbols, Optional<Duration> remaining) {
        if (remaining.filter(Duration::isZero).isPresent()) {
            return "History is complete: " + wanted(symbols) + " days of " + symbols.size() + " symbols.";
        }
        return symbols.stream().map(HistoryWords::of).collect(Collectors.joining(", ", "History: ", ""))
                + remaining.map(left -> "; about " + of(left) + " left").orElse("") + ".";
    }

    private static long wanted(List<OfSymbol> symbols) {
        return symbols.isEmpty() ? 0 : (long) symbols.get(0).wantedDays();
    }

    static String of(OfSymbol symbol) {
        return symbol.symbol() + " " + (long) symbol.days() + " of " + (long) symbol.wantedDays() + " days";
    }

    static String of(Duration left) {
        if (left.compareTo(Duration.ofMinutes(1)) < 0) {
            return Math.max(1, left.toSeconds()) + " s";
        }
        return left.toHours() == 0 ? left.toMinutes() + " min" : left.toHours() + " h " + left.toMinutesPart() + " min";
    }
}
