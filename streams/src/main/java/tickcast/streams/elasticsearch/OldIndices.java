package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.model.archive.Retention;

/**
 * Deletes indices whose whole month is older than its kind's retention. One that holds another source's records too loses
 * only this source's: a replay of a year ago must not fall to the live market's clock. One without any of this source's is
 * left alone. What another source writes into such a month in the instant between the count and the deletion goes with it.
 */
final class OldIndices {

    private static final Logger LOG = LoggerFactory.getLogger(OldIndices.class);

    private final Cluster cluster;
    private final Finder finder;
    private final String source;

    OldIndices(Cluster cluster, Finder finder, String source) {
        this.cluster = cluster;
        this.finder = finder;
        this.source = source;
    }

    /** How long a kind is kept. */
    static Duration keptFor(Kind<?> kind, Retention retention) {
        return switch (kind.name()) {
            case "candles" -> retention.candles();
            case "features" -> retention.features();
            case "sentiment" -> retention.sentiment();
            case "errors" -> retention.errors();
            default -> retention.predictionsAndErrors();
        };
    }

    /** The beginning of the oldest month that is kept; empty when everything is. */
    static Optional<YearMonth> oldestKept(Duration kept, Instant now) {
        try {
            return Optional.of(Kind.monthOf(now.minus(kept)));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty(); // kept for longer than time goes back: nothing is older
        }
    }

    static Instant beginning(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Returns how many records went. */
    CompletableFuture<Long> delete(Kind<?> kind, YearMonth oldestKept) {
        String prefix = cluster.settings().indexPrefix();
        return cluster.call(() -> cluster.client()
                        .indices()
                        .getAlias(get -> get.index(kind.pattern(prefix))
                                .ignoreUnavailable(true)
                                .allowNoIndices(true)))
                .thenCompose(found -> {
                    List<String> old = found.result().keySet().stream()
                            .filter(index -> kind.month(prefix, index)
                                    .filter(month -> month.isBefore(oldestKept))
                                    .isPresent())
                            .sorted()
                            .toList();
                    CompletableFuture<Long> gone = CompletableFuture.completedFuture(0L);
                    for (String index : old) {
                        gone = gone.thenCompose(before -> delete(kind, index).thenApply(more -> before + more));
                    }
                    return gone;
                });
    }

    private CompletableFuture<Long> delete(Kind<?> kind, String index) {
        Query ours = Query.of(any -> any.term(term -> term.field("source").value(source)));
        Query others = Query.of(any -> any.bool(all -> all.mustNot(ours)));
        return refresh(index)
                .thenCompose(refreshed -> count(index, ours))
                .thenCompose(own -> own == 0
                        ? CompletableFuture.completedFuture(0L)
                        : count(index, others)
                                .thenCompose(foreign ->
                                        foreign == 0 ? deleteWhole(index, own) : deleteOwn(kind, index, ours)));
    }

    private CompletableFuture<Void> refresh(String index) {
        return cluster.call(() -> cluster.client().indices().refresh(refresh -> refresh.index(index)))
                .thenAccept(done -> Shards.requireNoneFailed(done.shards(), "a refresh of " + index));
    }

    private CompletableFuture<Long> count(String index, Query query) {
        return cluster.call(
                        () -> cluster.client().count(count -> count.index(index).query(query)))
                .thenApply(answer -> {
                    Shards.requireAll(answer.shards(), "a count in " + index);
                    return answer.count();
                });
    }

    private CompletableFuture<Long> deleteWhole(String index, long own) {
        LOG.info("{} is older than its retention and deleted with its {} records", index, own);
        return cluster.call(() -> cluster.client().indices().delete(delete -> delete.index(index)))
                .thenApply(done -> own);
    }

    private CompletableFuture<Long> deleteOwn(Kind<?> kind, String index, Query ours) {
        List<String> sort = new ArrayList<>(List.of(kind.timeField()));
        sort.addAll(kind.order());
        return finder.ids(new Finder.Question(List.of(index), ours, sort, Finder.PAGE, false))
                .thenCompose(ids -> deleteEach(index, ids))
                .thenCompose(gone -> gone < Finder.PAGE
                        ? CompletableFuture.completedFuture(gone)
                        : deleteOwn(kind, index, ours).thenApply(more -> more + gone));
    }

    private CompletableFuture<Long> deleteEach(String index, List<String> ids) {
        if (ids.isEmpty()) {
            return CompletableFuture.completedFuture(0L);
        }
        List<BulkOperation> operations = ids.stream()
                .map(id -> BulkOperation.of(
                        any -> any.delete(gone -> gone.index(index).id(id))))
                .toList();
        BulkRequest request = BulkRequest.of(bulk -> bulk.operations(operations));
        return cluster.call(() -> cluster.client().bulk(request))
                .thenCompose(done -> {
                    if (done.errors()) {
                        throw new ArchiveUnavailable("not all old records of " + index + " could be deleted", null);
                    }
                    return refresh(index);
                })
                .thenApply(refreshed -> (long) ids.size());
    }
}
