package tickcast.streams.elasticsearch;

import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkRequest;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.elasticsearch.core.bulk.BulkResponseItem;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.DeadLetters;

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

    private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

    private final Cluster cluster;
    private final Templates templates;
    private final DeadLetters letters;
    private final StoreMetrics metrics;
    /** Kinds of which something was refused. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    BulkWriter(Cluster cluster, Templates templates, DeadLetters letters, StoreMetrics metrics) {
        this.cluster = cluster;
        this.templates = templates;
        this.letters = letters;
        this.metrics = metrics;
    }

    /** What became of each, in order. Fails with {@link ArchiveUnavailable} when some could not be written in time. */
    CompletableFuture<Outcome[]> write(List<Document> documents) {
        Outcome[] outcomes = new Outcome[documents.size()];
        List<Integer> all = IntStream.range(0, documents.size()).boxed().toList();
        return templates
                .ensure()
                .thenCompose(ready -> new Round(documents, outcomes).send(all))
                .thenApply(done -> outcomes)
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        templates.forget();
                    }
                });
    }

    /** One call's documents until each has its outcome. */
    private final class Round {

        private final List<Document> documents;
        private final Outcome[] outcomes;
        private final long deadline = cluster.deadline();
        private Duration pause = Cluster.firstPause();

        Round(List<Document> documents, Outcome[] outcomes) {
            this.documents = documents;
            this.outcomes = outcomes;
        }

        CompletableFuture<Void> send(List<Integer> which) {
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
                return CompletableFuture.failedFuture(
                        failure instanceof Cluster.Refused
                                ? new ArchiveUnavailable(failure.getMessage(), failure)
                                : failure);
            }
            if (which.size() == 1) {
                refuse(which.get(0), failure.getMessage());
                return CompletableFuture.completedFuture(null);
            }
            int half = which.size() / 2;
            return send(which.subList(0, half)).thenCompose(sent -> send(which.subList(half, which.size())));
        }

        private void refuse(int i, String reason) {
            Document document = documents.get(i);
            if (logged.add(document.kind())) {
                LOG.warn(
                        "Elasticsearch refuses {} {}: {}. Further ones are only counted and kept as dead letters.",
                        document.kind(),
                        document.id(),
                        reason);
            }
            try {
                letters.keep(new DeadLetters.Letter(document.kind(), document.id(), reason, document.json()));
            } catch (IOException e) {
                throw new ArchiveUnavailable("a refused record can't be kept as a dead letter: " + e.getMessage(), e);
            }
            metrics.refused();
            outcomes[i] = Outcome.REFUSED;
        }
    }

    /** Such as a cluster that may open no more shards: another document would fare no better. */
    private static boolean isOfTheCluster(BulkResponseItem item) {
        return item.error() != null
                && "validation_exception".equals(item.error().type());
    }

    private static String reason(BulkResponseItem item) {
        return item.error() == null
                ? "no reason given"
                : item.error().type() + ": " + item.error().reason();
    }
}
