package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregate;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeAggregationSource;
import co.elastic.clients.elasticsearch._types.aggregations.CompositeBucket;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch._types.aggregations.TermsAggregationCollectMode;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import tickcast.model.evaluation.ErrorSums;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.market.Symbol;

/**
 * Lets the server add errors up. Every error's document says beside its record what it adds to a scoreboard of several
 * symbols, {@code tally}; of each minute, version and kind (published or shadow) the server sums those up. Nothing needs a
 * script. Thread safe.
 */
final class ErrorAdder {

    /** Buckets of a request; with their coverages well below the server's 65,536. */
    private static final int PAGE = 3000;

    private static final int MOST_COVERAGES = 15;
    /** So much time is added up by one question, unless that would make more than so many questions. */
    private static final Duration STEP = Duration.ofDays(1);

    private static final int MOST_STEPS = 64;

    private static final String MINUTES = "minutes";
    private static final String SYMBOLS = "symbols";
    private static final String VERSION = "modelVersion";
    private static final String PUBLISHED = "published";
    private static final String AS_OF = "asOf";
    private static final String TARGET = "targetTime";
    private static final String KNOWN = "known";
    private static final String COUNT = "count";
    private static final String UNSCORED = "unscored";
    private static final String ERROR = "error";
    private static final String NAIVE_ERROR = "naiveError";
    private static final String DIRECTIONS = "directions";
    private static final String DIRECTION_HITS = "directionHits";
    private static final String BANDS = "bands";
    private static final String COVERAGE = "coverage";
    private static final String INSIDE = "inside";
    private static final String WIDTH = "width";

    private final Cluster cluster;
    private final String prefix;
    private final String source;

    ErrorAdder(Cluster cluster, String prefix, String source) {
        this.cluster = cluster;
        this.prefix = prefix;
        this.source = source;
    }

    /** Writes the field {@code tally} of an error's document, unless its figures are no numbers. */
    static void writeTally(JsonGenerator out, PredictionError error) throws IOException {
        if (error.inside().size() < error.prediction().intervals().size() && error.scored()) {
            return; // a stranger's record that does not tell of all its intervals
        }
        ErrorSums sums = ErrorSums.inExpectedMoves(error);
        if (!Double.isFinite(sums.error() + sums.naiveError())
                || sums.bands().stream().anyMatch(band -> !Double.isFinite(band.width()))) {
            return;
        }
        out.writeObjectFieldStart("tally");
        out.writeNumberField(COUNT, sums.count());
        out.writeNumberField(UNSCORED, sums.unscored());
        out.writeNumberField(ERROR, sums.error());
        out.writeNumberField(NAIVE_ERROR, sums.naiveError());
        out.writeNumberField(DIRECTIONS, sums.directions());
        out.writeNumberField(DIRECTION_HITS, sums.directionHits());
        out.writeArrayFieldStart(BANDS);
        for (ErrorSums.Band band : sums.bands()) {
            out.writeStartObject();
            out.writeNumberField(COVERAGE, band.coverage());
            out.writeNumberField(INSIDE, band.inside());
            out.writeNumberField(WIDTH, band.width());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** Another way to the totals of a range. */
    @FunctionalInterface
    interface ByReading {
        CompletionStage<ErrorTotals> totals(Instant from, Instant to);
    }

    /**
     * What errors of {@code [from, to)} add up to.
     *
     * @param reading taken for parts in which documents don't say what they add: those of an earlier format
     */
    CompletableFuture<ErrorTotals> totals(List<Symbol> symbols, Instant from, Instant to, ByReading reading) {
        if (!from.isBefore(to) || symbols.isEmpty()) {
            return CompletableFuture.completedFuture(ErrorTotals.NONE);
        }
        Duration part = Duration.between(from, to).dividedBy(MOST_STEPS);
        return totals(symbols, from, to, part.compareTo(STEP) > 0 ? part : STEP, reading);
    }

    private CompletableFuture<ErrorTotals> totals(
            List<Symbol> symbols, Instant from, Instant to, Duration step, ByReading reading) {
        boolean last = Duration.between(from, to).compareTo(step) <= 0;
        Instant end = last ? to : from.plus(step);
        CompletionStage<ErrorTotals> first = Cluster.answered(sums(symbols, from, end))
                .thenCompose(told ->
                        told.isPresent() ? CompletableFuture.completedStage(told.get()) : reading.totals(from, end));
        CompletionStage<ErrorTotals> all = last
                ? first
                : first.thenCompose(
                        sums -> totals(symbols, end, to, step, reading).thenApply(sums::plus));
        return all.toCompletableFuture();
    }

    /** Empty when some document there does not say what it adds. */
    private CompletableFuture<Optional<ErrorTotals>> sums(List<Symbol> symbols, Instant from, Instant to) {
        Optional<Query> inTime = Filters.between(Kind.ERRORS, from, to);
        if (inTime.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.of(ErrorTotals.NONE));
        }
        Query query = Filters.ofAny(source, symbols.stream().map(Symbol::name).toList(), inTime.get());
        return new Walk(Kind.ERRORS.indices(prefix, from, to), query, symbols).next(Map.of());
    }

    /** Goes through the minutes of one question. */
    private final class Walk {

        private final List<String> indices;
        private final Query query;
        private final List<Symbol> symbols;
        private final List<ErrorSums> sums = new ArrayList<>();
        private final Map<Symbol, Instant> newest = new HashMap<>();
        private final Map<Symbol, Instant> newestPublished = new HashMap<>();

        Walk(List<String> indices, Query query, List<Symbol> symbols) {
            this.indices = indices;
            this.query = query;
            this.symbols = symbols;
        }

        CompletableFuture<Optional<ErrorTotals>> next(Map<String, FieldValue> after) {
            return cluster.call(() -> cluster.client().search(request(after), Void.class))
                    .thenCompose(answer -> {
                        if (!answer.aggregations().containsKey(MINUTES)) {
                            return told(); // there is no index
                        }
                        CompositeAggregate minutes =
                                answer.aggregations().get(MINUTES).composite();
                        List<CompositeBucket> buckets = minutes.buckets().array();
                        if (!buckets.stream().allMatch(ErrorAdder::isWhole)) {
                            return CompletableFuture.completedFuture(Optional.empty());
                        }
                        buckets.forEach(bucket -> sums.add(sums(bucket)));
                        if (after.isEmpty()) {
                            readSymbols(answer);
                        }
                        return buckets.size() < PAGE ? told() : next(minutes.afterKey());
                    });
        }

        private CompletableFuture<Optional<ErrorTotals>> told() {
            return CompletableFuture.completedFuture(
                    Optional.of(new ErrorTotals(List.copyOf(sums), Map.copyOf(newest), Map.copyOf(newestPublished))));
        }

        private SearchRequest request(Map<String, FieldValue> after) {
            SearchRequest.Builder request = new SearchRequest.Builder()
                    .index(indices)
                    .ignoreUnavailable(true)
                    .allowNoIndices(true)
                    .allowPartialSearchResults(false)
                    .query(query)
                    .size(0)
                    .trackTotalHits(track -> track.enabled(false))
                    .aggregations(MINUTES, minutes(after));
            return after.isEmpty()
                    ? request.aggregations(SYMBOLS, newestOfEach(symbols.size()))
                            .build()
                    : request.build();
        }

        private void readSymbols(SearchResponse<Void> answer) {
            Aggregate found = answer.aggregations().get(SYMBOLS);
            for (StringTermsBucket bucket :
                    found.isSterms() ? found.sterms().buckets().array() : List.<StringTermsBucket>of()) {
                Symbol symbol = Symbol.parse(bucket.key().stringValue());
                newest.put(symbol, time(bucket.aggregations()));
                if (bucket.aggregations().get(PUBLISHED).filter().docCount() > 0) {
                    newestPublished.put(
                            symbol,
                            time(bucket.aggregations().get(PUBLISHED).filter().aggregations()));
                }
            }
        }

        private static Instant time(Map<String, Aggregate> of) {
            return Instant.ofEpochMilli((long) of.get(TARGET).max().value());
        }
    }

    private static Aggregation minutes(Map<String, FieldValue> after) {
        List<Map<String, CompositeAggregationSource>> by = List.of(TARGET, AS_OF, VERSION, PUBLISHED).stream()
                .map(field ->
                        Map.of(field, CompositeAggregationSource.of(any -> any.terms(terms -> terms.field(field)))))
                .toList();
        Aggregation.Builder.ContainerBuilder all = new Aggregation.Builder().composite(composite -> {
            composite.sources(by).size(PAGE);
            return after.isEmpty() ? composite : composite.after(after);
        });
        all.aggregations(KNOWN, Aggregation.of(any -> any.valueCount(of -> of.field("tally." + COUNT))));
        for (String field : List.of(COUNT, UNSCORED, ERROR, NAIVE_ERROR, DIRECTIONS, DIRECTION_HITS)) {
            all.aggregations(field, sum("tally." + field));
        }
        return all.aggregations(BANDS, bands()).build();
    }

    private static Aggregation bands() {
        String path = "tally." + BANDS;
        Aggregation byCoverage = new Aggregation.Builder()
                .terms(terms -> terms.field(path + "." + COVERAGE)
                        .size(MOST_COVERAGES)
                        .collectMode(TermsAggregationCollectMode.DepthFirst))
                .aggregations(INSIDE, sum(path + "." + INSIDE))
                .aggregations(WIDTH, sum(path + "." + WIDTH))
                .build();
        return new Aggregation.Builder()
                .nested(nested -> nested.path(path))
                .aggregations(COVERAGE, byCoverage)
                .build();
    }

    private static Aggregation newestOfEach(int symbols) {
        Aggregation newest = Aggregation.of(any -> any.max(max -> max.field(TARGET)));
        return new Aggregation.Builder()
                .terms(terms -> terms.field("symbol").size(symbols))
                .aggregations(TARGET, newest)
                .aggregations(
                        PUBLISHED,
                        new Aggregation.Builder()
                                .filter(Filters.PUBLISHED)
                                .aggregations(TARGET, newest)
                                .build())
                .build();
    }

    private static Aggregation sum(String field) {
        return Aggregation.of(any -> any.sum(of -> of.field(field)));
    }

    /** Whether all its documents say what they add, and all their coverages are told. */
    private static boolean isWhole(CompositeBucket bucket) {
        Aggregate coverages =
                bucket.aggregations().get(BANDS).nested().aggregations().get(COVERAGE);
        long known = Math.round(bucket.aggregations().get(KNOWN).valueCount().value());
        return known == bucket.docCount()
                && (!coverages.isDterms() || coverages.dterms().sumOtherDocCount() == 0);
    }

    private static ErrorSums sums(CompositeBucket bucket) {
        Map<String, FieldValue> key = bucket.key();
        Map<String, Aggregate> sums = bucket.aggregations();
        return new ErrorSums(
                key.get(VERSION).stringValue(),
                key.get(PUBLISHED).booleanValue(),
                Instant.ofEpochMilli(key.get(AS_OF).longValue()),
                Instant.ofEpochMilli(key.get(TARGET).longValue()),
                count(sums, COUNT),
                count(sums, UNSCORED),
                sums.get(ERROR).sum().value(),
                sums.get(NAIVE_ERROR).sum().value(),
                count(sums, DIRECTIONS),
                count(sums, DIRECTION_HITS),
                bands(sums.get(BANDS).nested().aggregations().get(COVERAGE)));
    }

    private static List<ErrorSums.Band> bands(Aggregate coverages) {
        return coverages.isDterms()
                ? coverages.dterms().buckets().array().stream()
                        .map(bucket -> new ErrorSums.Band(
                                bucket.key(),
                                Math.toIntExact(bucket.docCount()),
                                count(bucket.aggregations(), INSIDE),
                                bucket.aggregations().get(WIDTH).sum().value()))
                        .sorted(Comparator.comparing(ErrorSums.Band::coverage))
                        .toList()
                : List.of();
    }

    private static int count(Map<String, Aggregate> sums, String name) {
        return Math.toIntExact(Math.round(sums.get(name).sum().value()));
    }
}
