package tickcast.streams.exchange.replay;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Lines of comma-separated numbers as bytes, without a String for each: {@link #next} moves to a line, {@link #split} finds
 * its fields, then they can be read. Plain or gzip by the name. Single-threaded.
 */
final class LineReader implements Closeable {

    private static final int BUFFER = 1 << 16;
    private static final int LONGEST_LINE = 4096;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int position;
    private int filled;
    private int start;
    private int end;
    private long number;
    private final int[] fieldStart = new int[16];
    private final int[] fieldEnd = new int[16];

    LineReader(Path file) throws IOException {
        InputStream raw = Files.newInputStream(file);
        try {
            this.in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** Moves to the next line; false at the end. Line ends are LF or CR LF. */
    boolean next() throws IOException {
        int scan = position;
        while (true) {
            while (scan < filled) {
                if (buffer[scan] == '\n') {
                    return line(scan, scan + 1);
                }
                scan++;
            }
            int kept = filled - position;
            if (kept > LONGEST_LINE) {
                return line(filled, filled);
            }
            System.arraycopy(buffer, position, buffer, 0, kept);
            position = 0;
            filled = kept;
            scan = kept;
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                return kept > 0 && line(filled, filled);
            }
            filled += read;
        }
    }

    private boolean line(int lineEnd, int nextLine) {
        start = position;
        end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        position = nextLine;
        number++;
        return true;
    }

    /** Number of the line, from 1. */
    long number() {
        return number;
    }

    boolean isBlank() {
        return start == end;
    }

    /** Finds the fields of the line. Returns whether there are exactly {@code count}. */
    boolean split(int count) {
        int field = 0;
        fieldStart[0] = start;
        for (int i = start; i < end; i++) {
            if (buffer[i] == ',') {
                fieldEnd[field++] = i;
                if (field >= count) {
                    return false;
                }
                fieldStart[field] = i + 1;
            }
        }
        fieldEnd[field] = end;
        return field == count - 1;
    }

    /** The field as a number, NaN when it is none. */
    double number(int field) {
        return Decimal.parse(buffer, fieldStart[field], fieldEnd[field]);
    }

    /** The field as unix seconds with a fraction, in epoch microseconds, finer digits cut off; −1 when it is none. */
    long micros(int field) {
        return Decimal.parseMicros(buffer, fieldStart[field], fieldEnd[field]);
    }

    /** The line for people: short, and harmless in a terminal. */
    String excerpt() {
        String text = new String(buffer, start, Math.min(end - start, 60), StandardCharsets.ISO_8859_1);
        return "'" + text.replaceAll("[^ -~]", "?") + (end - start > 60 ? "…'" : "'");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
