package tickcast.streams.archive.spill;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Archive.ArchiveUnavailable;
import tickcast.streams.archive.Answers;
import tickcast.streams.archive.recent.Place;
import tickcast.streams.archive.recent.RecentRecords;
import tickcast.streams.record.MalformedRecord;

/**
 * The file of a {@link SpillingArchive} and its one thread: appends what the store does not take, and gives it to the store
 * once that is back, about a megabyte at a time: kind by kind, what is of one kind and epoch in the file's order. While lines
 * wait, everything that is written goes to the file. Thread safe.
 */
final class Spill implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spill.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private record Job(long number, List<byte[]> lines, Runnable kept, CompletableFuture<Void> answer) {}

    private final Archive store;
    private final RecentRecords recent;
    private final SpillFile file;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread own = new Thread(task, "archive-spill");
        own.setDaemon(true);
        return own;
    });

    // guarded by this
    private final TreeSet<Long> outstanding = new TreeSet<>();
    private final TreeMap<Long, CompletableFuture<Void>> waiters = new TreeMap<>();
    private final Queue<Job> jobs = new ArrayDeque<>();
    private long next;
    private boolean spilling;
    private int underway;

    // of the thread alone
    private final ArrayDeque<long[]> numberAndEnd = new ArrayDeque<>();
    private long drained;
    private boolean draining;
    private boolean pausing;
    private Duration pause = FIRST_PAUSE;

    Spill(Archive store, RecentRecords recent, SpillFile file) {
        this.store = store;
        this.recent = recent;
        this.file = file;
    }

    /** Takes up what an earlier life left behind. */
    void begin() throws IOException {
        long from = 0;
        for (SpillFile.Batch batch = file.read(0); !batch.lines().isEmpty(); batch = file.read(from)) {
            for (int i = 0; i < batch.lines().size(); i++) {
                long number = begun();
                from = batch.ends().get(i);
                numberAndEnd.add(new long[] {number, from});
                try {
                    SpilledRecord.line(batch.lines().get(i)).remember(recent, new Place(0, number));
                } catch (MalformedRecord e) {
                    LOG.error("A spilled line can't be read: {}", e.getMessage());
                }
            }
        }
        if (file.size() > 0) {
            LOG.info("{} bytes of records wait for the store", file.size());
            synchronized (this) {
                spilling = true;
            }
            thread.execute(this::drain);
        }
    }

    /** A write begins. Returns its number, which rises. */
    synchronized long begun() {
        long number = next++;
        outstanding.add(number);
        return number;
    }

    /** A write has reached the store, or failed for good. */
    synchronized void ended(long number) {
        outstanding.remove(number);
        long position = outstanding.isEmpty() ? next : outstanding.first();
        recent.archived(0, position);
        SortedMap<Long, CompletableFuture<Void>> there = waiters.headMap(position + 1);
        there.values().forEach(waiter -> Answers.complete(waiter, null));
        there.clear();
    }

    /** Completes when every write that has begun by now has reached the store, or failed for good. */
    synchronized CompletableFuture<Void> reached() {
        return outstanding.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : waiters.computeIfAbsent(next, position -> new CompletableFuture<>());
    }

    /** Whether lines wait, so that what is written now has to queue behind them. */
    synchronized boolean isSpilling() {
        return spilling;
    }

    /** Bytes that wait. */
    synchronized long waitingBytes() {
        return spilling ? Math.max(1, file.size() - drained) : 0;
    }

    /**
     * Completes when the lines are on disk; fails with {@link ArchiveUnavailable} when they can't be kept.
     *
     * @param kept runs before that and in the file's order, but only when the lines are on disk
     */
    CompletableFuture<Void> append(long number, List<byte[]> lines, Runnable kept) {
        Job job = new Job(number, lines, kept, new CompletableFuture<>());
        synchronized (this) {
            if (!spilling) {
                LOG.warn("The store is away: records are kept in a file until it is back");
            }
            spilling = true;
            underway++;
            jobs.add(job);
        }
        try {
            thread.execute(this::appendAll);
        } catch (RejectedExecutionException e) {
            job.answer().completeExceptionally(new ArchiveUnavailable("the archive is closed", e));
        }
        return job.answer();
    }

    private synchronized List<Job> takeJobs() {
        List<Job> taken = new ArrayList<>(jobs);
        jobs.clear();
        return taken;
    }

    /** What has come together is forced to disk once; if it can't be, each part has a chance of its own. */
    private void appendAll() {
        List<Job> batch = takeJobs();
        if (batch.isEmpty()) {
            return;
        }
        try {
            append(batch);
        } catch (IOException together) {
            batch.forEach(this::appendAlone);
        }
        synchronized (this) {
            underway -= batch.size();
        }
        drain();
    }

    private void append(List<Job> batch) throws IOException {
        long end =
                file.append(batch.stream().flatMap(job -> job.lines().stream()).toList());
        for (Job job : batch) {
            numberAndEnd.add(new long[] {job.number(), end});
            job.kept().run();
            Answers.complete(job.answer(), null);
        }
    }

    private void appendAlone(Job job) {
        try {
            append(List.of(job));
        } catch (IOException e) {
            ended(job.number());
            Answers.fail(
                    job.answer(),
                    new ArchiveUnavailable(
                            "the store is away and its records can't be kept in a file: " + e.getMessage(), e));
        }
    }

    /** Gives the next lines to the store, unless that is being done or soon tried again. */
    private void drain() {
        if (draining || pausing) {
            return;
        }
        try {
            SpillFile.Batch batch = file.read(drained);
            if (batch.lines().isEmpty()) {
                endUpTo(drained);
                finish();
                return;
            }
            long end = batch.ends().get(batch.ends().size() - 1);
            CompletionStage<?> written = write(decoded(batch.lines()));
            draining = true;
            written.whenComplete((done, failure) -> onThread(() -> drainedTo(end, failure)));
        } catch (IOException | RuntimeException e) {
            LOG.error("Spilled records can't be given to the store: {}", e.toString());
            later();
        }
    }

    private static List<SpilledRecord.Line<?>> decoded(List<byte[]> lines) {
        List<SpilledRecord.Line<?>> decoded = new ArrayList<>(lines.size());
        for (byte[] line : lines) {
            try {
                decoded.add(SpilledRecord.line(line));
            } catch (MalformedRecord e) {
                LOG.error("A spilled line can't be read and is left out: {}", e.getMessage());
            }
        }
        return decoded;
    }

    /**
     * What is of one kind and epoch in one call, in the file's order, one call after the other, and errors after the
     * predictions that they are about: a call for each neighbourhood would be slower than a busy node writes.
     */
    private CompletionStage<?> write(List<SpilledRecord.Line<?>> lines) {
        CompletionStage<?> written = CompletableFuture.completedStage(null);
        for (List<SpilledRecord.Line<?>> together : SpilledRecord.together(lines)) {
            written = written.thenCompose(before -> together.get(0).kind().write(store, together));
        }
        return written;
    }

    private void drainedTo(long end, Throwable failure) {
        draining = false;
        if (failure != null) {
            LOG.debug("The store does not take spilled records yet: {}", failure.toString());
            later();
            return;
        }
        pause = FIRST_PAUSE;
        drained = end;
        endUpTo(end);
        drain();
    }

    /** Writes of which nothing was left to put into the file end here too. */
    private void endUpTo(long end) {
        for (Iterator<long[]> all = numberAndEnd.iterator(); all.hasNext(); ) {
            long[] known = all.next();
            if (known[1] > end) {
                break;
            }
            ended(known[0]);
            all.remove();
        }
    }

    private void finish() throws IOException {
        synchronized (this) {
            if (!spilling || underway > 0) {
                return;
            }
            file.clear();
            drained = 0;
            spilling = false;
        }
        LOG.info("The store is back and has taken everything that waited");
    }

    private void later() {
        Duration now = pause;
        pausing = true;
        pause = now.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : now.multipliedBy(2);
        try {
            thread.schedule(this::again, now.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Closed while records wait; the next start takes them up");
        }
    }

    private void again() {
        pausing = false;
        drain();
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Closed while records wait; the next start takes them up");
        }
    }

    /** Runs it after that time, unless it is cancelled or this is closed. */
    ScheduledFuture<?> after(Duration time, Runnable work) {
        return thread.schedule(work, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What waits stays in the file. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.warn("The spill file is still being written");
            }
            file.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The spill file did not close cleanly: {}", e.toString());
        }
    }
}
