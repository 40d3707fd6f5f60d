package tickcast.streams.elasticsearch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.Answers;
import tickcast.streams.elasticsearch.BulkWriter.Document;
import tickcast.streams.elasticsearch.BulkWriter.Outcome;

/**
 * One kind's way to the server: one request at a time, in the order of submission; whatever waits when the last one is
 * answered goes into the next. Holds at most {@value #MOST_PENDING_BYTES} bytes: what comes beyond is refused at once, so
 * that memory stays bounded and the caller decides. Thread safe.
 */
final class BulkQueue {

    static final long MOST_PENDING_BYTES = 48L << 20;
    private static final long MOST_BYTES_PER_REQUEST = 4L << 20;
    private static final int MOST_PER_REQUEST = 5000;

    private record Job(List<Document> documents, long bytes, CompletableFuture<List<Outcome>> answer) {}

    private final String kind;
    private final BulkWriter writer;
    private final Freshness freshness;
    private final StoreMetrics metrics;
    private final Queue<Job> jobs = new ArrayDeque<>();
    private long pendingBytes;
    private boolean sending;
    private boolean closed;
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

    BulkQueue(String kind, BulkWriter writer, Freshness freshness, StoreMetrics metrics) {
        this.kind = kind;
        this.writer = writer;
        this.freshness = freshness;
        this.metrics = metrics;
    }

    /** What became of each document, in order. */
    CompletableFuture<List<Outcome>> submit(List<Document> documents) {
        long bytes =
                documents.stream().mapToLong(document -> document.json().length).sum();
        Job job = new Job(documents, bytes, new CompletableFuture<>());
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new ArchiveUnavailable("the archive is closed", null));
            }
            if (pendingBytes > 0 && pendingBytes + bytes > MOST_PENDING_BYTES) {
                return CompletableFuture.failedFuture(new ArchiveUnavailable(
                        pendingBytes + " bytes of " + kind + " wait to be written; try again later", null));
            }
            pendingBytes += bytes;
            metrics.waiting(bytes);
            jobs.add(job);
            if (sending) {
                return job.answer();
            }
            sending = true;
            idle = new CompletableFuture<>();
        }
        sendNext();
        return job.answer();
    }

    private void sendNext() {
        List<Job> batch = take();
        if (batch.isEmpty()) {
            return;
        }
        List<Document> documents =
                batch.stream().flatMap(job -> job.documents().stream()).toList();
        long start = System.nanoTime();
        writer.write(documents).whenComplete((outcomes, failure) -> {
            if (failure == null) {
                freshness.wrote();
                metrics.written(kind, documents.size(), Duration.ofNanos(System.nanoTime() - start));
                answer(batch, outcomes);
            } else {
                freshness.wrote();
                metrics.unavailable(kind);
                Throwable cause = Cluster.cause(failure);
                batch.forEach(job -> Answers.fail(job.answer(), cause));
            }
            done(batch);
            sendNext();
        });
    }

    private static void answer(List<Job> batch, Outcome[] outcomes) {
        int from = 0;
        for (Job job : batch) {
            int to = from + job.documents().size();
            Answers.complete(job.answer(), List.of(Arrays.copyOfRange(outcomes, from, to)));
            from = to;
        }
    }

    private synchronized List<Job> take() {
        List<Job> batch = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        while (!jobs.isEmpty() && (batch.isEmpty() || fits(jobs.peek(), count, bytes))) {
            Job job = jobs.remove();
            batch.add(job);
            count += job.documents().size();
            bytes += job.bytes();
        }
        if (batch.isEmpty()) {
            sending = false;
            idle.complete(null);
        }
        return batch;
    }

    private static boolean fits(Job job, int count, long bytes) {
        return count + job.documents().size() <= MOST_PER_REQUEST && bytes + job.bytes() <= MOST_BYTES_PER_REQUEST;
    }

    private synchronized void done(List<Job> batch) {
        long bytes = batch.stream().mapToLong(Job::bytes).sum();
        pendingBytes -= bytes;
        metrics.waiting(-bytes);
    }

    /** Takes no more; completes when what is pending has been answered. */
    synchronized CompletableFuture<Void> close() {
        closed = true;
        return idle;
    }
}
