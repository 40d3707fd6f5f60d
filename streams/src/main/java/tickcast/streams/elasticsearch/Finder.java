package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.SortOptions;
import co.elastic.clients.elasticsearch._types.SortOrder;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.SearchRequest;
import co.elastic.clients.elasticsearch.core.SearchResponse;
import co.elastic.clients.elasticsearch.core.search.Hit;
import co.elastic.clients.json.JsonpDeserializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Searches, page by page where one does not do: the first page is asked for plainly; when more is wanted than that, a point
 * in time is opened and gone through with {@code search_after}, so that the answer is of one moment. An answer without some
 * of the shards is none. Thread safe.
 */
final class Finder {

    /** Hits per request. */
    static final int PAGE = 5000;

    private static final String KEEP_ALIVE = "2m";

    /**
     * What is looked for.
     *
     * @param indices names or an alias
     * @param query the filter
     * @param sort fields that order the hits totally, {@code -} before those that fall
     * @param limit most hits
     * @param newest true = the last of that order are wanted
     */
    record Question(List<String> indices, Query query, List<String> sort, int limit, boolean newest) {}

    private final Cluster cluster;

    Finder(Cluster cluster) {
        this.cluster = cluster;
    }

    /** The records found, in the order asked for, oldest first. Those that can't be read are left out and logged. */
    <T> CompletableFuture<List<T>> records(Question question, Documents<T> documents) {
        return all(question, documents, true, Finder::record);
    }

    /** The ids of what is found; nothing else is sent. */
    CompletableFuture<List<String>> ids(Question question) {
        return all(question, Documents.NONE, false, hit -> Optional.of(hit.id()));
    }

    /**
     * Goes through the records found, in the order asked for, without holding more than a page of them.
     *
     * @param size most records of a page, up to {@value #PAGE}
     * @param step run with each page; the next is asked for when it completes
     */
    <T> CompletableFuture<Void> pages(
            Question question, int size, Documents<T> documents, Function<List<T>, CompletableFuture<Void>> step) {
        return through(
                question,
                size,
                documents,
                true,
                hits -> step.apply(hits.stream()
                        .map(Finder::record)
                        .flatMap(Optional::stream)
                        .toList()));
    }

    private static <T> Optional<T> record(Hit<Optional<T>> hit) {
        return Optional.ofNullable(hit.source()).flatMap(Function.identity());
    }

    private <T, R> CompletableFuture<List<R>> all(
            Question question,
            JsonpDeserializer<Optional<T>> documents,
            boolean sources,
            Function<Hit<Optional<T>>, Optional<R>> read) {
        List<R> found = new ArrayList<>();
        return through(question, PAGE, documents, sources, hits -> {
                    hits.forEach(hit -> read.apply(hit).ifPresent(found::add));
                    return CompletableFuture.completedFuture(null);
                })
                .thenApply(done -> {
                    if (question.newest()) {
                        Collections.reverse(found);
                    }
                    return found;
                });
    }

    /** Takes a page of hits. */
    @FunctionalInterface
    private interface Take<T> {
        CompletableFuture<Void> page(List<Hit<Optional<T>>> hits);
    }

    private <T> CompletableFuture<Void> through(
            Question question, int size, JsonpDeserializer<Optional<T>> documents, boolean sources, Take<T> take) {
        SearchRequest first = request(question, sources, Math.min(question.limit(), size))
                .index(question.indices())
                .ignoreUnavailable(true)
                .allowNoIndices(true)
                .build();
        return search(first, documents).thenCompose(response -> {
            List<Hit<Optional<T>>> hits = response.hits().hits();
            return hits.size() < size || hits.size() == question.limit()
                    ? take.page(hits)
                    : throughMany(question, size, documents, sources, take);
        });
    }

    private <T> CompletableFuture<Void> throughMany(
            Question question, int size, JsonpDeserializer<Optional<T>> documents, boolean sources, Take<T> take) {
        return cluster.call(() -> cluster.client()
                        .openPointInTime(open -> open.index(question.indices())
                                .ignoreUnavailable(true)
                                .keepAlive(keep -> keep.time(KEEP_ALIVE))))
                .thenCompose(
                        moment -> new Walk<>(question, size, documents, sources, take, moment.id()).next(List.of()));
    }

    /** Goes through a point in time. */
    private final class Walk<T> {

        private final Question question;
        private final int size;
        private final JsonpDeserializer<Optional<T>> documents;
        private final boolean sources;
        private final Take<T> take;
        private String moment;
        private int left;

        Walk(
                Question question,
                int size,
                JsonpDeserializer<Optional<T>> documents,
                boolean sources,
                Take<T> take,
                String moment) {
            this.question = question;
            this.size = size;
            this.documents = documents;
            this.sources = sources;
            this.take = take;
            this.moment = moment;
            this.left = question.limit();
        }

        CompletableFuture<Void> next(List<FieldValue> after) {
            return page(after)
                    .handle((more, failure) -> {
                        if (failure == null && !more.isEmpty()) {
                            return next(more);
                        }
                        return close().thenCompose(closed -> failure == null
                                ? CompletableFuture.<Void>completedFuture(null)
                                : CompletableFuture.<Void>failedFuture(Cluster.cause(failure)));
                    })
                    .thenCompose(next -> next);
        }

        /** Where the next page begins; empty when there is none. */
        private CompletableFuture<List<FieldValue>> page(List<FieldValue> after) {
            SearchRequest.Builder request = request(question, sources, Math.min(left, size))
                    .pit(pit -> pit.id(moment).keepAlive(keep -> keep.time(KEEP_ALIVE)));
            if (!after.isEmpty()) {
                request.searchAfter(after);
            }
            return search(request.build(), documents).thenCompose(response -> {
                List<Hit<Optional<T>>> hits = response.hits().hits();
                left -= hits.size();
                if (response.pitId() != null) {
                    moment = response.pitId();
                }
                List<FieldValue> more = hits.size() < size || left == 0
                        ? List.of()
                        : hits.get(hits.size() - 1).sort();
                return take.page(hits).thenApply(taken -> more);
            });
        }

        /** It would end by itself; a failure to end it sooner harms nobody. */
        private CompletableFuture<Void> close() {
            return cluster.client().closePointInTime(end -> end.id(moment)).handle((ended, failure) -> null);
        }
    }

    private static SearchRequest.Builder request(Question question, boolean sources, int size) {
        List<SortOptions> sort = question.sort().stream()
                .map(field -> by(field, question.newest()))
                .toList();
        return new SearchRequest.Builder()
                .query(question.query())
                .sort(sort)
                .size(size)
                .allowPartialSearchResults(false)
                .trackTotalHits(track -> track.enabled(false))
                .source(source -> source.fetch(sources));
    }

    private static SortOptions by(String field, boolean newest) {
        boolean falls = field.startsWith("-");
        SortOrder order = falls == newest ? SortOrder.Asc : SortOrder.Desc;
        String name = falls ? field.substring(1) : field;
        return SortOptions.of(by -> by.field(known -> known.field(name).order(order)));
    }

    private <T> CompletableFuture<SearchResponse<Optional<T>>> search(
            SearchRequest request, JsonpDeserializer<Optional<T>> documents) {
        return cluster.call(() ->
                cluster.transport().performRequestAsync(request, SearchRequest.createSearchEndpoint(documents), null));
    }
}
