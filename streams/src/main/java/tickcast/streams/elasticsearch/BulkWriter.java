package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.elasticsearch.Refusals.Refusal;

/**
 * Sends documents in one bulk request and sees to each of them: what the server is too busy for is sent again, what it
 * refuses for what it holds becomes a dead letter, and the rest goes on. Thread safe.
 */
final class BulkWriter {

    /**
     * A document to be written.
     *
     * @param version greater ones replace lower ones; {@link #FIRST_WINS}: it is only written when there is none
     */
    record Document(String kind, String index, String id, long version, byte[] json) {

        static final long FIRST_WINS = -1;

        private BulkOperation operation() {
            BinaryData body = BinaryData.of(json, ContentType.APPLICATION_JSON);
            if (version == FIRST_WINS) {
                return BulkOperation.of(
                        any -> any.create(create -> create.index(index).id(id).document(body)));
            }
            return BulkOperation.of(any -> any.index(put -> put.index(index)
                    .id(id)
                    .version(version)
                    .versionType(VersionType.External)
                    .document(body)));
        }
    }

    /** What became of a document. */
    enum Outcome {
        STORED,
        /** One with this id, or a greater version of it, was there before. */
        WAS_THERE,
        /** The server can't hold it: it is a dead letter. */
        REFUSED
    }

    /** Refusals that are not for what a document holds, though their status says so. */
    private static final Set<String> OF_THE_CLUSTER = Set.of("validation_exception", "index_closed_exception");

    private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

    private final Cluster cluster;
    private final Templates templates;
    private final Refusals refusals;
    private final StoreMetrics metrics;

    BulkWriter(Cluster cluster, Templates templates, Refusals refusals, StoreMetrics metrics) {
        this.cluster = cluster;
        this.templates = templates;
        this.refusals = refusals;
        this.metrics = metrics;
    }

    /** What became of each, in order. Fails with {@link ArchiveUnavailable} when some could not be written in time. */
    CompletableFuture<Outcome[]> write(List<Document> documents) {
        return templates
                .ensure()
                .thenCompose(ready -> new Round(documents).settled())
                .handle((outcomes, failure) -> {
                    if (failure != null) {
                        templates.forget();
                        throw new CompletionException(Cluster.told(Cluster.cause(failure)));
                    }
                    return outcomes;
                });
    }

    /**
     * One call's documents until each has its outcome. What is refused becomes a dead letter when all others are stored: a call
     * that fails is made again with all its documents, and would leave its letters again.
     */
    private final class Round {

        private final List<Document> documents;
        private final Outcome[] outcomes;
        private final List<Refusal> refused = new ArrayList<>();
        private final long deadline = cluster.deadline();
        private Duration pause = Cluster.firstPause();

        Round(List<Document> documents) {
            this.documents = documents;
            this.outcomes = new Outcome[documents.size()];
        }

        CompletableFuture<Outcome[]> settled() {
            return send(IntStream.range(0, documents.size()).boxed().toList())
                    .thenCompose(sent -> refusals.keep(refused))
                    .thenApply(kept -> outcomes);
        }

        private CompletableFuture<Void> send(List<Integer> which) {
            BulkRequest request = BulkRequest.of(bulk -> bulk.operations(
                    which.stream().map(i -> documents.get(i).operation()).toList()));
            return cluster.call(() -> cluster.client().bulk(request))
                    .handle((response, failure) ->
                            failure == null ? settle(which, response) : dispute(which, Cluster.cause(failure)))
                    .thenCompose(next -> next);
        }

        private CompletableFuture<Void> settle(List<Integer> which, BulkResponse response) {
            List<Integer> again = new ArrayList<>();
            String why = "";
            for (int k = 0; k < which.size(); k++) {
                BulkResponseItem item = response.items().get(k);
                int i = which.get(k);
                if (item.status() < 300) {
                    outcomes[i] = Outcome.STORED;
                } else if (item.status() == 409) {
                    outcomes[i] = Outcome.WAS_THERE;
                } else if (item.status() == 400 && !isOfTheCluster(item)) {
                    refuse(i, reason(item));
                } else {
                    again.add(i);
                    why = item.status() + " " + reason(item);
                }
            }
            return again.isEmpty() ? CompletableFuture.completedFuture(null) : repeat(again, why);
        }

        private CompletableFuture<Void> repeat(List<Integer> which, String why) {
            if (System.nanoTime() > deadline) {
                return CompletableFuture.failedFuture(
                        new ArchiveUnavailable(which.size() + " records could not be written: " + why, null));
            }
            which.forEach(i -> metrics.retried());
            LOG.debug("{} records are sent again: {}", which.size(), why);
            CompletableFuture<Void> over = cluster.later(pause);
            pause = Cluster.longer(pause);
            return over.thenCompose(waited -> send(which));
        }

        /** The whole request failed. One that is too large or can't be read is halved until the culprit stands alone. */
        private CompletableFuture<Void> dispute(List<Integer> which, Throwable failure) {
            boolean forItsContent =
                    failure instanceof Cluster.Refused refused && (refused.status == 400 || refused.status == 413);
            if (!forItsContent) {
                return CompletableFuture.failedFuture(failure);
            }
            if (which.size() == 1) {
                refuse(which.get(0), failure.getMessage());
                return CompletableFuture.completedFuture(null);
            }
            int half = which.size() / 2;
            return send(which.subList(0, half)).thenCompose(sent -> send(which.subList(half, which.size())));
        }

        private void refuse(int i, String reason) {
            refused.add(new Refusal(documents.get(i), reason));
            outcomes[i] = Outcome.REFUSED;
        }
    }

    /** Such as a cluster that may open no more shards, or a closed index: another document would fare no better. */
    private static boolean isOfTheCluster(BulkResponseItem item) {
        return item.error() != null && OF_THE_CLUSTER.contains(item.error().type());
    }

    private static String reason(BulkResponseItem item) {
        return item.error() == null
                ? "no reason given"
                : item.error().type() + ": " + item.error().reason();
    }
}
