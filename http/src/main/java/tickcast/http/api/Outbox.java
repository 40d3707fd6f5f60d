package tickcast.http.api;

import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * What waits for one client: answers first, then news in order. When more news wait than the limit, only the newest of
 * each subject are kept. Bounded by the limit or twice the number of subjects, whichever is more. Not thread safe.
 */
final class Outbox {

    /** Frames are joined into one write up to this size. */
    private static final int WRITE_BYTES = 32 * 1024;

    private final int limit;
    private final IntConsumer skipped;
    private final Deque<ByteString> answers = new ArrayDeque<>();
    private final Deque<PushMessage> news = new ArrayDeque<>();
    private int currentLimit;

    /** @param skipped is told how many messages were skipped */
    Outbox(int limit, IntConsumer skipped) {
        this.limit = limit;
        this.skipped = skipped;
        this.currentLimit = limit;
    }

    void answer(ByteString frame) {
        answers.add(frame);
    }

    int waitingAnswers() {
        return answers.size();
    }

    boolean isEmpty() {
        return answers.isEmpty() && news.isEmpty();
    }

    boolean hasNews() {
        return !news.isEmpty();
    }

    void add(PushMessage message) {
        news.add(message);
        if (news.size() > currentLimit) {
            Collection<PushMessage> newest = newest(news);
            skipped.accept(news.size() - newest.size());
            news.clear();
            news.addAll(newest);
            currentLimit = Math.max(limit, 2 * news.size());
        }
    }

    /** The newest of each subject, in their order. */
    static List<PushMessage> newest(Collection<PushMessage> messages) {
        Map<Subject, PushMessage> newest = new LinkedHashMap<>();
        for (PushMessage message : messages) {
            newest.merge(message.subject(), message, (a, b) -> b.isNewerThan(a) ? b : a);
        }
        return newest.values().stream()
                .sorted(Comparator.comparing(message -> message.subject().channel()))
                .toList();
    }

    void forget(Subject subject) {
        news.removeIf(message -> message.subject().equals(subject));
    }

    void clear() {
        answers.clear();
        news.clear();
    }

    /** Takes frames for one write; empty when nothing waits. @param pushed is told how many messages of news it has */
    ByteString nextWrite(IntConsumer pushed) {
        ByteStringBuilder write = new ByteStringBuilder();
        while (!answers.isEmpty() && write.length() < WRITE_BYTES) {
            write.append(answers.poll());
        }
        int count = 0;
        while (!news.isEmpty() && write.length() < WRITE_BYTES) {
            write.append(news.poll().update());
            count++;
        }
        if (count > 0) {
            pushed.accept(count);
        }
        return write.result();
    }
}
