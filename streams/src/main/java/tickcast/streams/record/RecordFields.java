package tickcast.streams.record;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tickcast.model.market.Symbol;

/**
 * One JSON object, read in one pass, its values then taken by name. Taking them in the order in which they are written
 * costs no search. A name should come once; which of two counts is not said. Single-threaded.
 */
public final class RecordFields {

    private static final int MOST_FIELDS = 1_000;
    private static final int MOST_ELEMENTS = 100_000;
    private static final int DEEPEST = 8;
    private static final int MOST_SHOWN = 40;

    /** Reads the elements of one array as they come, instead of having them kept. */
    @FunctionalInterface
    public interface Elements {
        /** Called for each element of the array with the parser on its first token; must leave it on the last. */
        void take(JsonParser parser) throws IOException, MalformedRecord;
    }

    private String[] names = new String[24];
    /** A value is text, a list, {@link RecordFields}, a boolean, WHOLE, REAL or null. */
    private Object[] values = new Object[24];

    private double[] reals = new double[24];
    private long[] wholes = new long[24];
    private int size;
    private int next;

    private static final Object WHOLE = new Object();
    private static final Object REAL = new Object();

    private RecordFields() {}

    /** Reads an object whose {@code START_OBJECT} is the parser's current token; leaves it on its end. */
    public static RecordFields read(JsonParser parser) throws IOException, MalformedRecord {
        return read(parser, "", ignored -> {});
    }

    /** The same; the elements of the array {@code name}, where there is one, go to {@code elements}. */
    public static RecordFields read(JsonParser parser, String name, Elements elements)
            throws IOException, MalformedRecord {
        return read(parser, name, elements, 1);
    }

    private static RecordFields read(JsonParser parser, String name, Elements elements, int depth)
            throws IOException, MalformedRecord {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new MalformedRecord("expected a JSON object, found " + parser.currentToken());
        }
        RecordFields fields = new RecordFields();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            JsonToken token = parser.nextToken();
            if (depth == 1 && token == JsonToken.START_ARRAY && field.equals(name)) {
                stream(parser, elements);
                fields.add(field, List.of());
            } else {
                fields.read(field, token, parser, depth);
            }
        }
        return fields;
    }

    private static void stream(JsonParser parser, Elements elements) throws IOException, MalformedRecord {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.take(parser);
        }
    }

    private void read(String field, JsonToken token, JsonParser parser, int depth) throws IOException, MalformedRecord {
        add(field, value(token, parser, depth));
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            reals[size - 1] = parser.getDoubleValue();
            wholes[size - 1] = values[size - 1] == WHOLE ? parser.getLongValue() : 0;
        }
    }

    private void add(String field, Object value) throws MalformedRecord {
        if (size == MOST_FIELDS) {
            throw new MalformedRecord("a record has at most " + MOST_FIELDS + " fields");
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            reals = Arrays.copyOf(reals, 2 * size);
            wholes = Arrays.copyOf(wholes, 2 * size);
        }
        names[size] = field;
        values[size] = value;
        size++;
    }

    private static Object value(JsonToken token, JsonParser parser, int depth) throws IOException, MalformedRecord {
        if (token == null) {
            throw new MalformedRecord("the record ends in the middle");
        }
        return switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT -> parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? REAL : WHOLE;
            case VALUE_NUMBER_FLOAT -> REAL;
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            case VALUE_NULL -> null;
            case START_OBJECT -> deeper(depth, () -> read(parser, "", ignored -> {}, depth + 1));
            case START_ARRAY -> deeper(depth, () -> list(parser, depth + 1));
            default -> throw new MalformedRecord("unexpected " + token);
        };
    }

    @FunctionalInterface
    private interface Reading {
        Object run() throws IOException, MalformedRecord;
    }

    private static Object deeper(int depth, Reading reading) throws IOException, MalformedRecord {
        if (depth >= DEEPEST) {
            throw new MalformedRecord("nested deeper than " + DEEPEST + " levels");
        }
        return reading.run();
    }

    /** An array: numbers as {@link Double}, everything else as in an object. */
    private static List<Object> list(JsonParser parser, int depth) throws IOException, MalformedRecord {
        List<Object> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (elements.size() == MOST_ELEMENTS) {
                throw new MalformedRecord("an array has at most " + MOST_ELEMENTS + " elements");
            }
            Object value = value(token, parser, depth);
            elements.add(value == WHOLE || value == REAL ? (Object) parser.getDoubleValue() : value);
        }
        return elements;
    }

    private int indexOf(String name) throws MalformedRecord {
        for (int i = next; i < size; i++) {
            if (names[i].equals(name)) {
                next = i + 1;
                return i;
            }
        }
        for (int i = 0; i < next; i++) {
            if (names[i].equals(name)) {
                next = i + 1;
                return i;
            }
        }
        throw new MalformedRecord("'" + name + "' is missing");
    }

    /** Whether there is such a field with a value other than null. */
    public boolean has(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return values[i] != null;
            }
        }
        return false;
    }

    /** Text. */
    public String text(String name) throws MalformedRecord {
        int i = indexOf(name);
        return values[i] instanceof String text ? text : refuse(i, "must be text");
    }

    /** Text that is not empty. */
    public String word(String name) throws MalformedRecord {
        int i = indexOf(name);
        return values[i] instanceof String text && !text.isEmpty() ? text : refuse(i, "must be text, not empty");
    }

    /** Text, empty when the value is null. */
    public Optional<String> textOrNull(String name) throws MalformedRecord {
        int i = indexOf(name);
        return values[i] == null ? Optional.empty() : Optional.of(text(name));
    }

    /** A finite number. */
    public double number(String name) throws MalformedRecord {
        int i = indexOf(name);
        return isNumber(i) ? reals[i] : refuse(i, "must be a finite number");
    }

    /** A number, NaN when the value is null. */
    public double numberOrNaN(String name) throws MalformedRecord {
        int i = indexOf(name);
        if (values[i] == null) {
            return Double.NaN;
        }
        return isNumber(i) ? reals[i] : refuse(i, "must be a finite number or null");
    }

    private boolean isNumber(int i) {
        return (values[i] == REAL || values[i] == WHOLE) && Double.isFinite(reals[i]);
    }

    /** A whole number between the bounds. */
    public long whole(String name, long least, long most) throws MalformedRecord {
        int i = indexOf(name);
        boolean allowed = values[i] == WHOLE && wholes[i] >= least && wholes[i] <= most;
        return allowed ? wholes[i] : refuse(i, "must be a whole number from " + least + " to " + most);
    }

    /** A whole number of at least 0, −1 when the value is null. */
    public long countOrUnknown(String name, long most) throws MalformedRecord {
        int i = indexOf(name);
        if (values[i] == null) {
            return -1;
        }
        boolean allowed = values[i] == WHOLE && wholes[i] >= 0 && wholes[i] <= most;
        return allowed ? wholes[i] : refuse(i, "must be a whole number from 0 to " + most + ", or null");
    }

    /** True or false. */
    public boolean flag(String name) throws MalformedRecord {
        int i = indexOf(name);
        return values[i] instanceof Boolean flag ? flag : refuse(i, "must be true or false");
    }

    /** A time. */
    public Instant time(String name) throws MalformedRecord {
        int i = indexOf(name);
        if (values[i] instanceof String text) {
            try {
                return RecordTime.parse(text);
            } catch (DateTimeException e) {
                return refuse(i, "must be a time such as \"2026-01-05T12:00:00.000Z\"");
            }
        }
        return refuse(i, "must be a time such as \"2026-01-05T12:00:00.000Z\"");
    }

    /** A time that lies on a full minute. */
    public Instant minute(String name) throws MalformedRecord {
        Instant time = time(name);
        boolean full = time.getNano() == 0 && Math.floorMod(time.getEpochSecond(), 60L) == 0;
        return full ? time : refuse(next - 1, "must lie on a full minute");
    }

    /** A pair. */
    public Symbol symbol(String name) throws MalformedRecord {
        int i = indexOf(name);
        Optional<Symbol> symbol = values[i] instanceof String text ? Symbol.tryParse(text) : Optional.empty();
        return symbol.isPresent() ? symbol.get() : refuse(i, "must be a pair such as \"BTC/USD\"");
    }

    /** One of an enum's names. */
    public <E extends Enum<E>> E oneOf(String name, Class<E> type) throws MalformedRecord {
        int i = indexOf(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(values[i])) {
                return constant;
            }
        }
        return refuse(i, "must be one of " + Arrays.toString(type.getEnumConstants()));
    }

    /** Numbers, NaN where an element is null. */
    public double[] numbers(String name) throws MalformedRecord {
        int i = indexOf(name);
        List<?> elements = elements(i, "must be an array of numbers and nulls");
        double[] numbers = new double[elements.size()];
        for (int k = 0; k < numbers.length; k++) {
            Object element = elements.get(k);
            if (element == null) {
                numbers[k] = Double.NaN;
            } else if (element instanceof Double number && Double.isFinite(number)) {
                numbers[k] = number;
            } else {
                return refuse(i, "must be an array of numbers and nulls, its element " + k + " is neither");
            }
        }
        return numbers;
    }

    /** Texts. */
    public List<String> texts(String name) throws MalformedRecord {
        return all(name, String.class, "must be an array of texts");
    }

    /** An object, empty when the value is null or the field is absent. */
    public Optional<RecordFields> objectIfAny(String name) throws MalformedRecord {
        if (!has(name)) {
            return Optional.empty();
        }
        int i = indexOf(name);
        return Optional.of(values[i] instanceof RecordFields object ? object : refuse(i, "must be an object or null"));
    }

    /** Objects. */
    public List<RecordFields> objects(String name) throws MalformedRecord {
        return all(name, RecordFields.class, "must be an array of objects");
    }

    private <T> List<T> all(String name, Class<T> type, String allowed) throws MalformedRecord {
        int i = indexOf(name);
        List<T> all = new ArrayList<>();
        for (Object element : elements(i, allowed)) {
            all.add(type.isInstance(element) ? type.cast(element) : refuse(i, allowed));
        }
        return all;
    }

    private List<?> elements(int i, String allowed) throws MalformedRecord {
        return values[i] instanceof List<?> elements ? elements : refuse(i, allowed);
    }

    private <T> T refuse(int i, String allowed) throws MalformedRecord {
        throw new MalformedRecord("'" + names[i] + "' " + allowed + ", was " + shown(i));
    }

    private String shown(int i) {
        Object value = values[i];
        if (value instanceof String text) {
            return '"' + (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text) + '"';
        }
        if (value == WHOLE || value == REAL) {
            return value == WHOLE ? Long.toString(wholes[i]) : Double.toString(reals[i]);
        }
        if (value instanceof List<?>) {
            return "an array";
        }
        return value instanceof RecordFields ? "an object" : String.valueOf(value);
    }
}
