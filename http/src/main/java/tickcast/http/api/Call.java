package tickcast.http.api;

import akka.http.javadsl.model.HttpRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tickcast.http.api.Problem.Kind;

/** A request that found its endpoint. Reads parameters; a wrong one is a {@link Problem} that names it. */
record Call(HttpRequest request, Map<String, String> path, Map<String, List<String>> query) {

    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1000;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
    private static final String TIMES = "an ISO-8601 time with a zone, such as 2026-01-05T12:00:00Z";
    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    static Call of(HttpRequest request, Map<String, String> path) {
        try {
            return new Call(request, path, request.getUri().query().toMultiMap());
        } catch (RuntimeException e) {
            throw Problem.of(Kind.BAD_REQUEST, "The query string can't be read.");
        }
    }

    String pathParameter(String name) {
        return path.get(name);
    }

    Optional<String> parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw Problem.parameter(name, String.join(", ", values), "given once");
        }
        return values.stream().findFirst();
    }

    int limit() {
        String text = parameter("limit").orElse(Integer.toString(DEFAULT_LIMIT));
        int limit = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Problem.parameter("limit", text, "a whole number from 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    /** A time of the query, raised to a whole millisecond. */
    Optional<Instant> time(String name) {
        return parameter(name).map(text -> parseTime(name, text));
    }

    /** A time of the path. */
    Instant pathTime(String name) {
        return parseTime(name, pathParameter(name));
    }

    private static Instant parseTime(String name, String text) {
        Instant time;
        try {
            // A '+' of an offset arrives as a blank.
            time = OffsetDateTime.parse(text.replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw Problem.parameter(name, text, TIMES);
        }
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw Problem.parameter(name, text, TIMES + ", from 1970 to 9999");
        }
        long millis = time.toEpochMilli();
        return Instant.ofEpochMilli(Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis);
    }
}
