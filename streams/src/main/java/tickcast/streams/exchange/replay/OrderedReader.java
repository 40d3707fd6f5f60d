package tickcast.streams.exchange.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import tickcast.streams.exchange.replay.Problems.Kind;

/**
 * Reads one file of lines that rise in time. Lines that can't be read are reported and skipped, so are lines older than
 * the one before. A line that leaps more than a day ahead of the lines before and after it is taken to be the wrong one
 * itself, so that a single typing error doesn't cost the rest of the file.
 */
abstract class OrderedReader<T> implements HistoryReader<T> {

    private static final long LEAP_MICROS = 86_400_000_000L;
    private static final long EARLIEST = Instant.parse("2009-01-01T00:00:00Z").getEpochSecond() * 1_000_000;
    private static final long LATEST = Instant.parse("2100-01-01T00:00:00Z").getEpochSecond() * 1_000_000;

    private final String file;
    private final LineReader lines;
    private final int columns;
    private final Problems problems;
    private final long leastStep;

    private String complaint = "";
    private Optional<Line<T>> pending = Optional.empty();
    private Optional<Line<T>> ahead = Optional.empty();
    private long given = Long.MIN_VALUE;
    private boolean begun;
    private boolean ended;

    private record Line<T>(T content, long micros, long number) {}

    /** @param leastStep by how many microseconds a line must be younger than the one before */
    OrderedReader(Path file, int columns, long leastStep, Problems problems) {
        this.file = file.getFileName().toString();
        this.columns = columns;
        this.leastStep = leastStep;
        this.problems = problems;
        try {
            this.lines = new LineReader(file);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Reads the fields of the line; empty after {@link #complain}. */
    abstract Optional<T> read(LineReader line, long micros);

    /** Says what is wrong with the line. */
    final Optional<T> complain(String what) {
        complaint = what;
        return Optional.empty();
    }

    @Override
    public final boolean hasNext() {
        if (!begun) {
            begun = true;
            pending = nextReadable();
            passLeaps();
        }
        return pending.isPresent();
    }

    @Override
    public final T next() {
        if (!hasNext()) {
            throw new NoSuchElementException(file + " has no more lines");
        }
        Line<T> line = pending.orElseThrow();
        given = line.micros();
        advance(line);
        return line.content();
    }

    private void advance(Line<T> before) {
        pending = nextReadable();
        while (pending.isPresent() && !follows(before, pending.get())) {
            outOfOrder(pending.get());
            pending = nextReadable();
        }
        passLeaps();
    }

    /** Looks one line beyond a leap in time before believing it. */
    private void passLeaps() {
        while (pending.isPresent() && (given == Long.MIN_VALUE || pending.get().micros() - given > LEAP_MICROS)) {
            Line<T> leaping = pending.get();
            Optional<Line<T>> beyond = nextReadable();
            if (beyond.isEmpty() || follows(leaping, beyond.get())) {
                ahead = beyond;
                return;
            }
            boolean leapIsWrong = given == Long.MIN_VALUE
                    ? leaping.micros() - beyond.get().micros() > LEAP_MICROS
                    : beyond.get().micros() - given >= leastStep;
            outOfOrder(leapIsWrong ? leaping : beyond.get());
            if (leapIsWrong) {
                pending = beyond;
            }
        }
    }

    private Optional<Line<T>> nextReadable() {
        if (ahead.isPresent()) {
            Optional<Line<T>> line = ahead;
            ahead = Optional.empty();
            return line;
        }
        try {
            while (!ended && lines.next()) {
                problems.countLine();
                Optional<Line<T>> line = readLine();
                if (line.isPresent()) {
                    return line;
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        end();
        return Optional.empty();
    }

    private Optional<Line<T>> readLine() {
        complaint = "";
        Optional<T> content = split();
        if (content.isEmpty() && !complaint.isEmpty()) {
            problems.report(Kind.MALFORMED_LINE, file, lines.number(), complaint + ": " + lines.excerpt());
        }
        return content.map(c -> new Line<>(c, lines.micros(0), lines.number()));
    }

    private Optional<T> split() {
        if (lines.isBlank()) {
            return complain("empty line");
        }
        if (!lines.split(columns)) {
            return complain("not " + columns + " columns");
        }
        long micros = lines.micros(0);
        if (micros < EARLIEST || micros >= LATEST) {
            return complain("time is no unix seconds between 2009 and 2100");
        }
        return read(lines, micros);
    }

    private boolean follows(Line<T> before, Line<T> line) {
        return line.micros() - before.micros() >= leastStep;
    }

    private void outOfOrder(Line<T> line) {
        problems.report(
                Kind.OUT_OF_ORDER_LINE,
                file,
                line.number(),
                "out of order, its time " + line.micros() / 1_000_000 + " does not fit its neighbours");
    }

    private void end() {
        if (!ended) {
            ended = true;
            problems.requireFewBadLines();
        }
    }

    private HistoryException unreadable(IOException e) {
        return new HistoryException(file + " can't be read: " + e.getMessage(), e);
    }

    @Override
    public final void close() {
        ended = true;
        try {
            lines.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
