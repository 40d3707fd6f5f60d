package tickcast.streams.exchange.kraken;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.market.Symbol;

/**
 * Which days of history are complete, as notes in the archive: one per symbol, dates in UTC separated by commas. A day is
 * noted after its candles are stored; a note that can't be read costs a look at the candles, no more.
 */
final class BackfillNotes {

    private static final Logger LOG = LoggerFactory.getLogger(BackfillNotes.class);

    private final Archive archive;
    private final Instant oldest;

    /** @param oldest days before this one are forgotten */
    BackfillNotes(Archive archive, Instant oldest) {
        this.archive = archive;
        this.oldest = oldest;
    }

    /** Start times of the days that are complete. Never fails. */
    CompletionStage<Map<Symbol, Set<Instant>>> read(List<Symbol> symbols) {
        CompletionStage<Map<Symbol, Set<Instant>>> all = CompletableFuture.completedStage(new HashMap<>());
        for (Symbol symbol : symbols) {
            all = all.thenCombine(read(symbol), (known, days) -> {
                known.put(symbol, days);
                return known;
            });
        }
        return all;
    }

    private CompletionStage<Set<Instant>> read(Symbol symbol) {
        return archive.note(name(symbol))
                .thenApply(note -> note.map(BackfillNotes::parse).orElseGet(Set::of))
                .exceptionally(failure -> {
                    LOG.warn("It is not known which days of {} were read back: {}", symbol, failure.getMessage());
                    return Set.of();
                });
    }

    private static Set<Instant> parse(String note) {
        Set<Instant> days = new HashSet<>();
        for (String date : note.split(",")) {
            try {
                days.add(LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant());
            } catch (DateTimeParseException noDate) {
                LOG.warn("'{}' among the days read back is no date", date);
            }
        }
        return days;
    }

    CompletionStage<Void> write(Symbol symbol, Set<Instant> days) {
        return archive.writeNote(
                name(symbol),
                days.stream()
                        .filter(day -> !day.isBefore(oldest))
                        .sorted()
                        .map(day -> LocalDate.ofInstant(day, ZoneOffset.UTC).toString())
                        .collect(Collectors.joining(",")));
    }

    static String name(Symbol symbol) {
        return "history-days " + symbol.name();
    }
}
