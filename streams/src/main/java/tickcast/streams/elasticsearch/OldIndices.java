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
import tickcast.model.archive.Retention;

/**
 * Deletes indices whose whole month is older than its kind's retention. One that holds another source's records too loses
 * only this source's: a replay of a year ago must not fall to the live market's clock.
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
        return cluster.call(() -> cluster.client().indices().refresh(refresh -> refresh.index(index)))
                .thenCompose(refreshed -> count(index, ours))
                .thenCombine(count(index, others), (own, foreign) -> {
                    if (foreign == 0) {
                        LOG.info("{} is older than its retention and deleted with its {} records", index, own);
                        return cluster.call(() -> cluster.client().indices().delete(delete -> delete.index(index)))
                                .thenApply(done -> own);
                    }
                    return own == 0 ? CompletableFuture.completedFuture(0L) : deleteOwn(kind, index, ours);
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Long> count(String index, Query query) {
        return cluster.call(
                        () -> cluster.client().count(count -> count.index(index).query(query)))
                .thenApply(answer -> answer.count());
    }

    private CompletableFuture<Long> deleteOwn(Kind<?> kind, String index, Query ours) {
        List<String> sort = new ArrayList<>(List.of(kind.timeField()));
        sort.addAll(kind.order());
        return finder.ids(new Finder.Question(List.of(index), ours, sort, Finder.PAGE, false))
                .thenCompose(ids -> {
                    List<BulkOperation> operations = ids.stream()
                            .map(id -> BulkOperation.of(
                                    any -> any.delete(gone -> gone.index(index).id(id))))
                            .toList();
                    BulkRequest request = BulkRequest.of(bulk -> bulk.operations(operations));
                    return cluster.call(() -> cluster.client().bulk(request))
                            .thenCompose(done -> cluster.call(
                                    () -> cluster.client().indices().refresh(refresh -> refresh.index(index))))
                            .thenCompose(done -> ids.size() < Finder.PAGE
                                    ? CompletableFuture.completedFuture((long) ids.size())
                                    : deleteOwn(kind, index, ours).thenApply(more -> more + ids.size()));
                });
    }
}
