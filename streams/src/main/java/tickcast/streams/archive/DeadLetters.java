package tickcast.streams.archive;

import java.io.IOException;
import java.util.List;

/** Where records go that a store refuses for what they hold, so that they neither block the others nor get lost. Thread safe. */
public interface DeadLetters extends AutoCloseable {

    /**
     * A refused record.
     *
     * @param kind {@code candle}, {@code prediction} …
     * @param id under which the store should have kept it
     * @param reason what the store said
     * @param json the record itself, UTF-8
     */
    record Letter(String kind, String id, String reason, byte[] json) {}

    /**
     * Keeps them durably, in order. May block for some seconds.
     *
     * @throws IOException when not all can be kept; none of the records must then count as written
     */
    void keep(List<Letter> letters) throws IOException;

    @Override
    void close();
}
