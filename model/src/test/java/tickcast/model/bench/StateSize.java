package tickcast.model.bench;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import tickcast.model.market.Symbol;

/**
 * Bytes of heap that an object of ours holds, as HotSpot lays it out below 32 GiB: headers of 12 bytes (arrays 16), references
 * of 4, everything padded to 8. Symbols, strings and enums are shared and not counted.
 */
public final class StateSize {

    private static final int HEADER = 12;
    private static final int ARRAY_HEADER = 16;
    private static final int REFERENCE = 4;

    private StateSize() {}

    /** Size of everything reachable from the roots, each object once. */
    public static long of(Object... roots) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> open = new ArrayDeque<>();
        for (Object root : roots) {
            visit(root, seen, open);
        }
        long bytes = 0;
        while (!open.isEmpty()) {
            Object object = open.pop();
            bytes += object.getClass().isArray() ? array(object, seen, open) : fields(object, seen, open);
        }
        return bytes;
    }

    private static void visit(Object object, Set<Object> seen, Deque<Object> open) {
        boolean isShared =
                object == null || object instanceof Symbol || object instanceof String || object instanceof Enum;
        if (!isShared && seen.add(object)) {
            open.push(object);
        }
    }

    private static long array(Object array, Set<Object> seen, Deque<Object> open) {
        Class<?> component = array.getClass().getComponentType();
        int length = Array.getLength(array);
        if (!component.isPrimitive()) {
            for (int i = 0; i < length; i++) {
                visit(Array.get(array, i), seen, open);
            }
        }
        return padded(ARRAY_HEADER + (long) length * width(component));
    }

    private static long fields(Object object, Set<Object> seen, Deque<Object> open) {
        long bytes = HEADER;
        for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    continue;
                }
                bytes += width(field.getType());
                if (!field.getType().isPrimitive()) {
                    visit(read(field, object), seen, open);
                }
            }
        }
        return padded(bytes);
    }

    private static Object read(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int width(Class<?> type) {
        if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        if (type == boolean.class || type == byte.class) {
            return Byte.BYTES;
        }
        return type == short.class || type == char.class ? Short.BYTES : REFERENCE;
    }

    private static long padded(long bytes) {
        return (bytes + 7) / 8 * 8;
    }
}
