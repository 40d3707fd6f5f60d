package tickcast.streams.exchange.kraken;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tickcast.actors.topic.HistoryProgress;
import tickcast.model.market.Symbol;

/**
 * Which UTC days of which symbols are still to be read, in which order, and how much that is: the newest day first, every
 * symbol in turn. A day that failed waits while the others go on. Single-threaded; times are {@link System#nanoTime}.
 */
final class HistoryDays {

    static final Duration DAY = Duration.ofDays(1);

    /** One symbol's UTC day. */
    record Day(Symbol symbol, Instant start) {
        Instant end() {
            return start.plus(DAY);
        }
    }

    private static final class Pending {
        private final Day day;
        private int failures;
        private long notBeforeNanos = Long.MIN_VALUE;

        Pending(Day day) {
            this.day = day;
        }

        boolean isDue(long nowNanos) {
            return notBeforeNanos == Long.MIN_VALUE || nowNanos - notBeforeNanos >= 0;
        }
    }

    private final List<Symbol> symbols;
    private final int wantedDays;
    private final double daysBefore;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Symbol, Set<Instant>> done = new HashMap<>();
    private final long beganNanos;
    private double readHere;

    /**
     * @param symbols in the order in which they take turns
     * @param end midnight at which the newest wanted day ends
     * @param wantedDays how many days before {@code end} are wanted
     * @param newer how much is there from {@code end} on
     * @param known start times of each symbol's days that need not be read
     */
    HistoryDays(
            List<Symbol> symbols,
            Instant end,
            int wantedDays,
            Duration newer,
            Map<Symbol, Set<Instant>> known,
            long nowNanos) {
        this.symbols = List.copyOf(symbols);
        this.wantedDays = wantedDays;
        this.daysBefore = (double) newer.toMillis() / DAY.toMillis();
        this.beganNanos = nowNanos;
        symbols.forEach(symbol -> done.put(symbol, new HashSet<>()));
        for (int back = 1; back <= wantedDays; back++) {
            Instant start = end.minus(DAY.multipliedBy(back));
            for (Symbol symbol : symbols) {
                if (known.getOrDefault(symbol, Set.of()).contains(start)) {
                    done.get(symbol).add(start);
                } else {
                    pending.add(new Pending(new Day(symbol, start)));
                }
            }
        }
    }

    boolean isEmpty() {
        return pending.isEmpty();
    }

    /** The next day to read, unless all that are left wait after a failure. It stays pending until told otherwise. */
    Optional<Day> next(long nowNanos) {
        return pending.stream()
                .filter(candidate -> candidate.isDue(nowNanos))
                .findFirst()
                .map(found -> found.day);
    }

    /** When the next of the failed days is due. */
    OptionalLong dueNanos(long nowNanos) {
        return pending.stream()
                .mapToLong(waiting -> waiting.isDue(nowNanos) ? 0 : waiting.notBeforeNanos - nowNanos)
                .min();
    }

    /** How often this day failed before. */
    int failures(Day day) {
        return find(day).failures;
    }

    /** The day is asked for again, not before the pause is over. */
    void failed(Day day, Duration pause, long nowNanos) {
        Pending found = find(day);
        found.failures++;
        found.notBeforeNanos = nowNanos + pause.toNanos();
    }

    /** The day is stored. @param wasRead whether it had to be asked for */
    void finished(Day day, boolean wasRead) {
        pending.remove(find(day));
        done.get(day.symbol()).add(day.start());
        readHere += wasRead ? 1 : 0;
    }

    private Pending find(Day day) {
        return pending.stream()
                .filter(candidate -> candidate.day.equals(day))
                .findFirst()
                .orElseThrow();
    }

    boolean isDone(Day day) {
        return done.get(day.symbol()).contains(day.start());
    }

    /** The symbol's days that are there. */
    Set<Instant> done(Symbol symbol) {
        return Set.copyOf(done.get(symbol));
    }

    double days(Symbol symbol) {
        return daysBefore + done.get(symbol).size();
    }

    double wantedDays() {
        return daysBefore + wantedDays;
    }

    /**
     * Real time until everything is there at the pace so far; empty while nothing was read.
     *
     * @param partOfDay how much of the day under way is there, 0 to 1
     */
    Optional<Duration> remaining(double partOfDay, long nowNanos) {
        if (pending.isEmpty()) {
            return Optional.of(Duration.ZERO);
        }
        double read = readHere + partOfDay;
        if (read < 0.02) {
            return Optional.empty();
        }
        double left = Math.max(0, pending.size() - partOfDay);
        return Optional.of(Duration.ofNanos((long) ((nowNanos - beganNanos) / read * left)));
    }

    HistoryProgress progress(double partOfDay, Optional<Day> underWay, long nowNanos) {
        List<HistoryProgress.OfSymbol> each = symbols.stream()
                .map(symbol -> {
                    boolean reading =
                            underWay.filter(day -> day.symbol().equals(symbol)).isPresent();
                    return new HistoryProgress.OfSymbol(symbol, days(symbol) + (reading ? partOfDay : 0), wantedDays());
                })
                .toList();
        Optional<Duration> remaining = remaining(partOfDay, nowNanos);
        return new HistoryProgress(
                each,
                pending.isEmpty()
                        ? 0
                        : remaining.map(left -> Math.max(1, left.toMillis())).orElse(HistoryProgress.UNKNOWN),
                HistoryWords.of(each, remaining));
    }
}
