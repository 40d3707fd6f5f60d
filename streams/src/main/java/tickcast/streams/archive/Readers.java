package tickcast.streams.archive;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive.ArchiveUnavailable;

/**
 * A few reading sessions on threads of their own. At most {@value #MOST_WAITING} reads wait; what comes beyond is refused
 * with {@link ArchiveUnavailable}. Thread safe.
 */
final class Readers implements AutoCloseable {

    private static final int MOST_WAITING = 1024;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final BlockingQueue<Session> idle;
    private final List<Session> sessions;
    private final ThreadPoolExecutor threads;

    private Readers(List<Session> sessions, String name) {
        this.sessions = sessions;
        this.idle = new ArrayBlockingQueue<>(sessions.size(), false, sessions);
        this.threads = new ThreadPoolExecutor(
                sessions.size(),
                sessions.size(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                work -> daemon(work, name));
    }

    static Readers open(Path file, int count, Duration patience, String name) throws SQLException {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sessions.add(Session.reading(file, patience));
        }
        return new Readers(sessions, name);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Reads on one of the threads. */
    <T> CompletionStage<T> submit(GroupCommit.Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> read(work, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new ArchiveUnavailable(
                    threads.isShutdown() ? "the archive is closed" : "too many reads wait; try again later", e));
        }
        return answer;
    }

    private <T> void read(GroupCommit.Work<T> work, CompletableFuture<T> answer) {
        Session session = idle.remove();
        try {
            T result = work.run(session);
            Answers.complete(answer, result);
        } catch (SQLException e) {
            Answers.fail(answer, new ArchiveUnavailable("the archive can't be read: " + e.getMessage(), e));
        } catch (RuntimeException | Error e) {
            Answers.fail(answer, e);
        } finally {
            idle.add(session);
        }
    }

    /** Lets running reads end, refuses the rest, closes the sessions. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Reads of the archive still run after {} s; its sessions stay open", LONGEST_CLOSE.toSeconds());
                return;
            }
            for (Session session : sessions) {
                session.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("A reading session of the archive did not close cleanly", e);
        }
    }
}
