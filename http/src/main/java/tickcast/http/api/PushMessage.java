package tickcast.http.api;

import akka.util.ByteString;
import java.util.List;
import tickcast.http.api.websocket.Frames;

/**
 * News about a subject. Encoded once, however many clients get it. Thread safe.
 */
final class PushMessage {

    private final Subject subject;
    private final long seq;
    private final int revision;
    private final String source;
    private final List<Json.Body> items;
    private ByteString update;
    private ByteString snapshot;

    /** @param revision of a candle, otherwise 0 @param items the records, oldest first */
    PushMessage(Subject subject, long seq, int revision, String source, List<Json.Body> items) {
        this.subject = subject;
        this.seq = seq;
        this.revision = revision;
        this.source = source;
        this.items = items;
    }

    /** Nothing is known yet: {@code seq} 0, no data. */
    static PushMessage nothing(Subject subject, String source) {
        return new PushMessage(subject, 0, 0, source, List.of());
    }

    Subject subject() {
        return subject;
    }

    long seq() {
        return seq;
    }

    int revision() {
        return revision;
    }

    boolean isNewerThan(PushMessage other) {
        return seq > other.seq || seq == other.seq && revision >= other.revision;
    }

    /** The frame of the update. */
    synchronized ByteString update() {
        if (update == null) {
            update = frame("update");
        }
        return update;
    }

    /** The frame of the snapshot. */
    synchronized ByteString snapshot() {
        if (snapshot == null) {
            snapshot = frame("snapshot");
        }
        return snapshot;
    }

    private ByteString frame(String type) {
        return Frames.text(Json.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("channel", subject.channel().label());
            out.writeStringField("type", type);
            out.writeStringField("symbol", subject.symbol());
            out.writeStringField("source", source);
            out.writeNumberField("seq", seq);
            out.writeArrayFieldStart("data");
            for (Json.Body item : items) {
                item.writeTo(out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }));
    }
}
