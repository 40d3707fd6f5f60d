package tickcast.streams.archive.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import tickcast.streams.archive.Answers;

/** How far each partition has come, and who waits for it to come further. Thread safe. */
final class Positions {

    private record Waiter(long position, CompletableFuture<Void> reached) {}

    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Map<TopicPartition, PriorityQueue<Waiter>> waiters = new HashMap<>();
    private RuntimeException failure;

    /** Everything of a partition before {@code position} is done. */
    void advance(TopicPartition partition, long position) {
        List<Waiter> served = new ArrayList<>();
        synchronized (this) {
            positions.merge(partition, position, Math::max);
            PriorityQueue<Waiter> queue = waiters.get(partition);
            while (queue != null && !queue.isEmpty() && queue.peek().position <= position) {
                served.add(queue.poll());
            }
        }
        served.forEach(waiter -> Answers.complete(waiter.reached, null));
    }

    /** Completes when everything before these positions is done. */
    CompletionStage<Void> reached(Map<TopicPartition, Long> wanted) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        wanted.forEach((partition, position) -> all.add(reached(partition, position)));
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private synchronized CompletableFuture<Void> reached(TopicPartition partition, long position) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (positions.getOrDefault(partition, 0L) >= position) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> reached = new CompletableFuture<>();
        waiters.computeIfAbsent(partition, ignored -> new PriorityQueue<>(Comparator.comparingLong(Waiter::position)))
                .add(new Waiter(position, reached));
        return reached;
    }

    /** Nothing moves any more: whoever waits now or later fails with this. */
    void fail(RuntimeException why) {
        List<Waiter> all = new ArrayList<>();
        synchronized (this) {
            failure = why;
            waiters.values().forEach(all::addAll);
            waiters.clear();
        }
        all.forEach(waiter -> Answers.fail(waiter.reached, why));
    }

    /** Where each partition is now. */
    synchronized Map<TopicPartition, Long> now() {
        return Map.copyOf(positions);
    }
}
