package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tickcast.model.forecast.Status;

/** What questions are made of. */
final class Filters {

    static final Query PUBLISHED =
            Query.of(any -> any.term(term -> term.field("published").value(true)));

    static final Query WITH_FIGURES = Query.of(any -> any.bool(all ->
            all.mustNot(not -> not.term(term -> term.field("status").value(Status.ABSTAINED.name())))));

    /** Within these a time is asked for; what lies beyond has no bound. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("9999-12-31T00:00:00Z");
    private static final Instant END_OF_NANOS = Instant.parse("2262-01-01T00:00:00Z");

    private Filters() {}

    static Query ofAny(String source, List<String> symbols, Query inTime) {
        List<FieldValue> names = symbols.stream().map(FieldValue::of).toList();
        Query theirs = Query.of(any -> any.terms(terms -> terms.field("symbol").terms(value -> value.value(names))));
        Query ours = Query.of(any -> any.term(term -> term.field("source").value(source)));
        return Query.of(any -> any.bool(all -> all.filter(ours, theirs, inTime)));
    }

    static Query all(String source, String symbol, Query inTime, List<Query> also) {
        List<Query> filters = new ArrayList<>(also);
        filters.add(Query.of(any -> any.term(term -> term.field("source").value(source))));
        filters.add(Query.of(any -> any.term(term -> term.field("symbol").value(symbol))));
        filters.add(inTime);
        return Query.of(any -> any.bool(all -> all.filter(filters)));
    }

    /** {@code [from, to)} of the kind's own time; empty when nothing can lie there. */
    static Optional<Query> between(Kind<?> kind, Instant from, Instant to) {
        return between(kind.timeField(), kind.nanos(), from, to);
    }

    /** @param nanos whether the field is kept to the nanosecond; otherwise it is to the millisecond, and bounds are rounded up */
    static Optional<Query> between(String field, boolean nanos, Instant from, Instant to) {
        Instant first = nanos ? Instant.EPOCH : FIRST;
        Instant end = nanos ? END_OF_NANOS : END;
        if (!from.isBefore(to) || !to.isAfter(first) || !from.isBefore(end)) {
            return Optional.empty();
        }
        return Optional.of(Query.of(any -> any.range(range -> range.date(date -> {
            date.field(field);
            if (from.isAfter(first)) {
                date.gte(bound(from, nanos));
            }
            if (to.isBefore(end)) {
                date.lt(bound(to, nanos));
            }
            return date;
        }))));
    }

    private static String bound(Instant time, boolean nanos) {
        boolean whole = time.getNano() % 1_000_000 == 0;
        return nanos || whole
                ? time.toString()
                : Instant.ofEpochMilli(time.toEpochMilli() + 1).toString();
    }
}
