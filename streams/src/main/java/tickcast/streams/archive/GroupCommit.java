package tickcast.streams.archive;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/**
 * The one thread that writes. Whatever waits when it comes round goes into one transaction, in the order of submission,
 * and is answered after the commit. A job that is refused for what it holds is undone alone; when the store itself fails,
 * all jobs of the transaction fail with {@link ArchiveUnavailable} and nothing of them is kept.
 *
 * <p>Holds at most {@value #MOST_PENDING} records: what comes beyond is refused at once with {@link ArchiveUnavailable},
 * so that memory stays bounded and the caller decides. Thread safe.
 */
final class GroupCommit implements AutoCloseable {

    /** Work inside a transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Session session) throws SQLException;
    }

    static final int MOST_PENDING = 250_000;
    private static final int MOST_PER_COMMIT = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    private final Session session;
    private final LinkedBlockingQueue<Job<?>> jobs = new LinkedBlockingQueue<>();
    private final Job<Void> last = new Job<>(0, s -> null);
    private final Thread thread;
    private long pending;
    private boolean closed;

    GroupCommit(Session session, String name) {
        this.session = session;
        this.thread = new Thread(this::commitAll, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues work that touches about {@code records} records. */
    synchronized <T> CompletionStage<T> submit(int records, Work<T> work) {
        if (closed) {
            return CompletableFuture.failedStage(new ArchiveUnavailable("the archive is closed", null));
        }
        int weight = Math.max(1, records);
        if (pending > 0 && pending + weight > MOST_PENDING) {
            return CompletableFuture.failedStage(
                    new ArchiveUnavailable(pending + " records wait to be written; try again later", null));
        }
        pending += weight;
        Job<T> job = new Job<>(weight, work);
        jobs.add(job);
        return job.answer;
    }

    private synchronized void done(List<Job<?>> batch) {
        for (Job<?> job : batch) {
            pending -= job.weight;
        }
    }

    private void commitAll() {
        List<Job<?>> batch = new ArrayList<>();
        boolean open = true;
        while (open) {
            try {
                open = collect(batch);
                commit(batch);
            } catch (InterruptedException e) {
                LOG.warn("The archive's writing thread was interrupted; it goes on until the archive is closed");
            }
            batch.clear();
        }
    }

    /** Waits for work, then takes what is there. Returns false when the archive closes. */
    private boolean collect(List<Job<?>> batch) throws InterruptedException {
        int records = 0;
        for (Job<?> job = jobs.take(); job != null; job = records < MOST_PER_COMMIT ? jobs.poll() : null) {
            if (job == last) {
                return false;
            }
            batch.add(job);
            records += job.weight;
        }
        return true;
    }

    private void commit(List<Job<?>> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            session.run("BEGIN IMMEDIATE");
            for (Job<?> job : batch) {
                job.run(session);
            }
            session.run("COMMIT");
            done(batch);
            batch.forEach(Job::answer);
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            done(batch);
            ArchiveUnavailable failure = new ArchiveUnavailable(reason(e), e);
            batch.forEach(job -> job.fail(failure));
        }
    }

    private static String reason(Throwable e) {
        return e instanceof SQLiteException failure && primaryCode(failure) == SQLiteErrorCode.SQLITE_FULL.code
                ? "the disk of the data directory is full; writing goes on as soon as there is space"
                : "the archive can't be written: " + e.getMessage();
    }

    private void rollback() {
        try {
            session.execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("There was nothing to roll back: {}", e.getMessage());
        }
    }

    /** Writes what is pending, then closes the session. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            jobs.add(last);
        }
        try {
            thread.join();
            session.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("Closing the archive was interrupted; its last writes go on");
        } catch (SQLException e) {
            LOG.warn("The archive did not close cleanly; it is intact", e);
        }
    }

    /** Whether the fault lies with the values and not with the store. */
    private static boolean isRefusal(SQLException e) {
        if (!(e instanceof SQLiteException failure)) {
            return false;
        }
        return switch (primaryCode(failure)) {
            case 18, 19, 20, 25 -> true; // TOOBIG, CONSTRAINT, MISMATCH, RANGE
            default -> false;
        };
    }

    /** The result code without its extension: https://sqlite.org/rescode.html. */
    private static int primaryCode(SQLiteException failure) {
        return failure.getResultCode().code & 0xff;
    }

    /** Work with the answer that is owed for it. */
    private static final class Job<T> {

        private final int weight;
        private final Work<T> work;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private T result;
        private Exception refusal;

        Job(int weight, Work<T> work) {
            this.weight = weight;
            this.work = work;
        }

        void run(Session session) throws SQLException {
            session.run("SAVEPOINT job");
            try {
                result = work.run(session);
            } catch (SQLException e) {
                if (!isRefusal(e)) {
                    throw e;
                }
                undo(session, new IllegalArgumentException("the archive refuses the record: " + e.getMessage(), e));
            } catch (RuntimeException e) {
                undo(session, e);
            }
            session.run("RELEASE job");
        }

        private void undo(Session session, RuntimeException why) throws SQLException {
            session.run("ROLLBACK TO job");
            refusal = why;
        }

        void answer() {
            if (refusal == null) {
                Answers.complete(answer, result);
            } else {
                fail(refusal);
            }
        }

        void fail(Exception why) {
            Answers.fail(answer, why);
        }
    }
}
