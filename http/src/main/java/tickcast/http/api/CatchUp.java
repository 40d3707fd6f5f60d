package tickcast.http.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One subject's way from the archive to the present: first everything stored after {@code since}, then what was heard
 * meanwhile and is not the same. Not thread safe.
 */
final class CatchUp {

    private final Subject subject;
    private final int limit;
    private final Map<Long, Integer> sent = new HashMap<>();
    private final Novelty told = new Novelty();
    private List<PushMessage> held = new ArrayList<>();
    private final long since;
    private long position;

    /** @param limit of messages held */
    CatchUp(Subject subject, long since, int limit) {
        this.subject = subject;
        this.since = since;
        this.position = since;
        this.limit = limit;
    }

    Subject subject() {
        return subject;
    }

    /** The seq after which to read on. */
    long position() {
        return position;
    }

    /** Notes what was read and goes out. */
    void read(List<PushMessage> chunk) {
        for (PushMessage message : chunk) {
            sent.put(message.seq(), message.revision());
            told.take(message.seq(), message.revision());
            position = Math.max(position, message.seq());
        }
    }

    /** Keeps news until the past is told. @return how many were skipped because too many were held */
    int hold(PushMessage message) {
        held.add(message);
        if (held.size() <= limit) {
            return 0;
        }
        int before = held.size();
        held = new ArrayList<>(Outbox.newest(held));
        return before - held.size();
    }

    /** The newest of what went out, which may be heard again. */
    Novelty told() {
        return told;
    }

    /** What was heard meanwhile and has not gone out yet; goes out now. */
    List<PushMessage> rest() {
        List<PushMessage> rest = held.stream()
                .filter(message -> message.revision() > sent.getOrDefault(message.seq(), -1))
                .filter(message -> message.seq() > since || message.revision() > 0)
                .toList();
        rest.forEach(message -> told.take(message.seq(), message.revision()));
        return rest;
    }
}
