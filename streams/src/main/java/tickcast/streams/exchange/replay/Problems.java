package tickcast.streams.exchange.replay;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was wrong with history files: all counted, the first ones kept with file and line, the first of each kind logged. Thread safe. */
public final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int KEPT = 20;

    /** What can be wrong. */
    public enum Kind {
        /** A file whose name is no pair, or that another file stands in for. */
        IGNORED_FILE("ignored files"),
        /** A line that can't be read. */
        MALFORMED_LINE("malformed lines"),
        /** A line older than the one before it. */
        OUT_OF_ORDER_LINE("lines out of order");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** For people, in the plural. */
        public String words() {
            return words;
        }
    }

    /** @param line counted from 1, 0 when the file as a whole is meant */
    public record Problem(Kind kind, String file, long line, String what) {
        @Override
        public String toString() {
            return line == 0 ? file + ": " + what : file + ":" + line + ": " + what;
        }
    }

    private final LongAdder lines = new LongAdder();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Problem> first = new ArrayList<>();

    private final boolean silent;

    Problems() {
        this(false);
    }

    private Problems(boolean silent) {
        this.silent = silent;
    }

    /** For a first look at a file that will be read again: keeps quiet and never refuses. */
    static Problems silent() {
        return new Problems(true);
    }

    synchronized void report(Kind kind, String file, long line, String what) {
        Problem problem = new Problem(kind, file, line, what);
        if (counts.merge(kind, 1L, Long::sum) == 1 && !silent) {
            LOG.warn("{}", problem);
        }
        if (first.size() < KEPT) {
            first.add(problem);
        }
    }

    void countLine() {
        lines.increment();
    }

    /** @throws HistoryException when more than 1 % of the lines read so far were bad */
    void requireFewBadLines() {
        long bad = badLines();
        if (!silent && bad * 100 > linesRead()) {
            List<String> examples = first().stream()
                    .filter(problem -> problem.line() > 0)
                    .map(Problem::toString)
                    .toList();
            throw new HistoryException(
                    bad + " of " + linesRead() + " lines are bad, more than 1 %:\n  " + String.join("\n  ", examples));
        }
    }

    /** Lines read so far, bad ones included. */
    public long linesRead() {
        return lines.sum();
    }

    /** How often a kind came. */
    public synchronized long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Lines that were skipped. */
    public synchronized long badLines() {
        return count(Kind.MALFORMED_LINE) + count(Kind.OUT_OF_ORDER_LINE);
    }

    /** The first ones, as they were found. */
    public synchronized List<Problem> first() {
        return List.copyOf(first);
    }

    /** {@code 3 malformed lines, 1 ignored files}, or {@code no problems}. */
    public synchronized String summary() {
        if (counts.isEmpty()) {
            return "no problems";
        }
        return String.join(
                ", ",
                counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey().words())
                        .toList());
    }
}
