package tickcast.streams.archive.log;

import akka.kafka.ConsumerMessage;
import akka.kafka.ConsumerMessage.CommittableMessage;
import akka.kafka.ConsumerMessage.CommittableOffsetBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tickcast.streams.record.MalformedRecord;
import tickcast.streams.record.Stamped;

/** Records that are brought into the store together. Grows while the store is busy with the ones before. Single-threaded. */
final class LogBatch {

    /** @param row where it came from */
    record Row<T>(Stamped<T> record, ConsumerRecord<String, byte[]> row) {}

    record Bad(ConsumerRecord<String, byte[]> row, String reason) {}

    private final String source;
    private final Map<LogKind<?>, List<Row<?>>> rows = new HashMap<>();
    private final List<Bad> bad = new ArrayList<>();
    private CommittableOffsetBatch offsets = ConsumerMessage.emptyCommittableOffsetBatch();
    private int foreign;

    LogBatch(String source) {
        this.source = source;
    }

    <T> void add(LogKind<T> kind, CommittableMessage<String, byte[]> message) {
        ConsumerRecord<String, byte[]> row = message.record();
        offsets = offsets.updated(message.committableOffset());
        try {
            Stamped<T> record = kind.codec().decode(row.value() == null ? new byte[0] : row.value());
            if (record.source().equals(source)) {
                rows.computeIfAbsent(kind, ignored -> new ArrayList<>()).add(new Row<>(record, row));
            } else {
                foreign++;
            }
        } catch (MalformedRecord e) {
            bad.add(new Bad(row, e.getMessage()));
        }
    }

    /** This kind's records, in the order of their partitions. */
    <T> List<Row<T>> rows(LogKind<T> kind) {
        List<Row<T>> typed = new ArrayList<>();
        for (Row<?> row : rows.getOrDefault(kind, List.of())) {
            typed.add(typed(row));
        }
        return typed;
    }

    /** Rows are kept by kind, and a kind's codec makes rows of its type alone. */
    @SuppressWarnings("unchecked")
    private static <T> Row<T> typed(Row<?> row) {
        return (Row<T>) row;
    }

    List<Bad> bad() {
        return bad;
    }

    /** How many were another source's. */
    int foreign() {
        return foreign;
    }

    CommittableOffsetBatch offsets() {
        return offsets;
    }
}
