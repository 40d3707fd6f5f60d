package tickcast.streams.elasticsearch;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.DeadLetters;
import tickcast.streams.elasticsearch.BulkWriter.Document;

/**
 * Keeps what the store can't hold as dead letters, on a thread of its own: a disk or Kafka may take its time. Counted; the
 * first of each kind is logged. Thread safe.
 */
final class Refusals implements AutoCloseable {

    /** A document that the store can't hold, and why. */
    record Refusal(Document document, String reason) {

        private DeadLetters.Letter letter() {
            return new DeadLetters.Letter(document.kind(), document.id(), reason, document.json());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final DeadLetters letters;
    private final StoreMetrics metrics;
    /** Kinds of which something was refused. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    private final ExecutorService writing = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "archive-dead-letters");
        thread.setDaemon(true);
        return thread;
    });

    Refusals(DeadLetters letters, StoreMetrics metrics) {
        this.letters = letters;
        this.metrics = metrics;
    }

    /** Completes when all of them are kept; fails with {@link ArchiveUnavailable} when they can't be. */
    CompletableFuture<Void> keep(List<Refusal> refused) {
        if (refused.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        List<Refusal> all = List.copyOf(refused);
        try {
            return CompletableFuture.runAsync(() -> write(all), writing);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new ArchiveUnavailable("the archive is closed", e));
        }
    }

    private void write(List<Refusal> refused) {
        try {
            letters.keep(refused.stream().map(Refusal::letter).toList());
        } catch (IOException e) {
            throw new ArchiveUnavailable("a refused record can't be kept as a dead letter: " + e.getMessage(), e);
        }
        refused.forEach(this::count);
    }

    private void count(Refusal refusal) {
        metrics.refused();
        Document document = refusal.document();
        if (logged.add(document.kind())) {
            LOG.warn(
                    "Elasticsearch refuses {} {}: {}. Further ones are only counted and kept as dead letters.",
                    document.kind(),
                    document.id(),
                    refusal.reason());
        }
    }

    @Override
    public void close() {
        writing.shutdown();
        letters.close();
    }
}
