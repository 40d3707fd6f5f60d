package tickcast.actors;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Deep equality of records: arrays by content, doubles by bits. */
public final class Same {

    private Same() {}

    public static boolean same(Object a, Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (a instanceof Record && a.getClass() == b.getClass()) {
            return sameRecords(a, b);
        }
        if (a.getClass().isArray()) {
            return sameArrays(a, b);
        }
        if (a instanceof List<?> list && b instanceof List<?> other) {
            return sameArrays(list.toArray(), other.toArray());
        }
        if (a instanceof Map<?, ?> map && b instanceof Map<?, ?> other) {
            return map.keySet().equals(other.keySet())
                    && map.keySet().stream().allMatch(key -> same(map.get(key), other.get(key)));
        }
        return Objects.equals(a, b);
    }

    private static boolean sameArrays(Object a, Object b) {
        if (Array.getLength(a) != Array.getLength(b)) {
            return false;
        }
        for (int i = 0; i < Array.getLength(a); i++) {
            if (!same(Array.get(a, i), Array.get(b, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameRecords(Object a, Object b) {
        for (RecordComponent component : a.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                if (!same(
                        component.getAccessor().invoke(a),
                        component.getAccessor().invoke(b))) {
                    return false;
                }
            } catch (ReflectiveOperationException bug) {
                throw new AssertionError(bug);
            }
        }
        return true;
    }
}
