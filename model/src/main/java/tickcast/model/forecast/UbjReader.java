package tickcast.model.forecast;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads UBJSON as XGBoost writes it (lengths as int64, objects without a count, arrays with one) from bytes that nobody
 * vouches for: every length is held against what is left before anything is allocated, nesting is bounded, and whatever
 * is not as expected ends in {@link ForestRejected}. Specification: ubjson.org, draft 12. One pass, one thread.
 */
final class UbjReader {

    private static final int DEEPEST = 32;
    private static final int LONGEST_KEY = 256;

    private final ByteBuffer bytes;

    UbjReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** What to do with a field of an object: read its value, or skip it. */
    @FunctionalInterface
    interface Field {
        void read(String key) throws ForestRejected;
    }

    /** What to do with an element of an array. */
    @FunctionalInterface
    interface Element {
        void read() throws ForestRejected;
    }

    void object(Field field) throws ForestRejected {
        expect('{');
        while (peek() != '}') {
            field.read(text(LONGEST_KEY));
        }
        bytes.get();
    }

    /** An array of values of any kind. */
    void array(Element element) throws ForestRejected {
        expect('[');
        expect('#');
        int count = count(1);
        for (int i = 0; i < count; i++) {
            element.read();
        }
    }

    String string(int longest) throws ForestRejected {
        expect('S');
        return text(longest);
    }

    private String text(int longest) throws ForestRejected {
        int length = count(1);
        if (length > longest) {
            throw rejected("a text of " + length + " bytes");
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** An array of 32-bit floating point numbers. */
    float[] floats() throws ForestRejected {
        expect('[');
        expect('$');
        expect('d');
        expect('#');
        float[] values = new float[count(Float.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes.getFloat();
        }
        return values;
    }

    /** An array of whole numbers of any width that fit an {@code int}. */
    int[] integers() throws ForestRejected {
        expect('[');
        boolean typed = peek() == '$';
        int type = 0;
        if (typed) {
            bytes.get();
            type = next();
        }
        expect('#');
        int[] values = new int[count(typed ? width(type) : 2)];
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(typed ? type : next());
        }
        return values;
    }

    private int integer(int type) throws ForestRejected {
        need(width(type));
        long value = switch (type) {
            case 'i' -> bytes.get();
            case 'U' -> bytes.get() & 0xFF;
            case 'I' -> bytes.getShort();
            case 'l' -> bytes.getInt();
            case 'L' -> bytes.getLong();
            default -> throw rejected("a value of type " + type + " where a whole number belongs");
        };
        if (value != (int) value) {
            throw rejected("the number " + value);
        }
        return (int) value;
    }

    /** Passes over one value of any kind. */
    void skip() throws ForestRejected {
        skip(0);
    }

    private void skip(int depth) throws ForestRejected {
        if (depth > DEEPEST) {
            throw rejected("values nested more than " + DEEPEST + " deep");
        }
        int type = peek();
        switch (type) {
            case '{' -> object(key -> skip(depth + 1));
            case '[' -> skipArray(depth);
            case 'S' -> {
                bytes.get();
                pass(count(1));
            }
            case 'T', 'F', 'Z', 'N' -> bytes.get();
            default -> {
                bytes.get();
                pass(width(type));
            }
        }
    }

    private void skipArray(int depth) throws ForestRejected {
        need(2);
        if (bytes.get(bytes.position() + 1) != '$') {
            array(() -> skip(depth + 1));
            return;
        }
        expect('[');
        expect('$');
        int width = width(next());
        expect('#');
        pass(count(width) * width);
    }

    /** @throws ForestRejected when something follows */
    void end() throws ForestRejected {
        if (bytes.hasRemaining()) {
            throw rejected(bytes.remaining() + " bytes after the end");
        }
    }

    private int width(int type) throws ForestRejected {
        return switch (type) {
            case 'i', 'U', 'C' -> 1;
            case 'I' -> 2;
            case 'l', 'd' -> 4;
            case 'L', 'D' -> 8;
            default -> throw rejected("a value of the unknown type " + type);
        };
    }

    /** A number of things that take at least {@code width} bytes each. */
    private int count(int width) throws ForestRejected {
        expect('L');
        need(Long.BYTES);
        long count = bytes.getLong();
        if (count < 0 || count > bytes.remaining() / width) {
            throw rejected(count + " values of " + width + " bytes, with " + bytes.remaining() + " bytes left");
        }
        return (int) count;
    }

    private void pass(int length) throws ForestRejected {
        need(length);
        bytes.position(bytes.position() + length);
    }

    private void expect(char marker) throws ForestRejected {
        int found = next();
        if (found != marker) {
            throw rejected("byte " + found + " where '" + marker + "' belongs");
        }
    }

    private int next() throws ForestRejected {
        need(1);
        return bytes.get() & 0xFF;
    }

    private int peek() throws ForestRejected {
        need(1);
        return bytes.get(bytes.position()) & 0xFF;
    }

    private void need(int length) throws ForestRejected {
        if (bytes.remaining() < length) {
            throw rejected("the end");
        }
    }

    private ForestRejected rejected(String found) {
        return new ForestRejected("no booster: found " + found + " at byte " + bytes.position());
    }
}
