package tickcast.streams.exchange.replay;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tickcast.model.market.Times;

/** One record's named values in order: text, plain numbers, truth values, lists, further fields, or not known. */
final class Fields {

    private final Map<String, Optional<Object>> values = new LinkedHashMap<>();

    Fields with(String name, String text) {
        values.put(name, Optional.of(text));
        return this;
    }

    Fields with(String name, Instant time) {
        return with(name, Times.iso(time));
    }

    Fields with(String name, boolean truth) {
        values.put(name, Optional.of(truth));
        return this;
    }

    Fields with(String name, long count) {
        values.put(name, Optional.of(BigDecimal.valueOf(count)));
        return this;
    }

    /** NaN and infinities are not known. */
    Fields with(String name, double number) {
        values.put(name, Double.isFinite(number) ? Optional.of(new BigDecimal(Double.toString(number))) : unknown());
        return this;
    }

    Fields with(String name, Optional<String> text) {
        values.put(name, text.map(t -> t));
        return this;
    }

    Fields with(String name, Fields fields) {
        values.put(name, Optional.of(fields));
        return this;
    }

    Fields with(String name, List<?> list) {
        values.put(name, Optional.of(list));
        return this;
    }

    Fields without(String name) {
        values.put(name, unknown());
        return this;
    }

    private static Optional<Object> unknown() {
        return Optional.empty();
    }

    Map<String, Optional<Object>> values() {
        return values;
    }
}
