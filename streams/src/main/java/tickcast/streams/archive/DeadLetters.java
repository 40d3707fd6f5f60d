package tickcast.streams.archive;

import java.io.IOException;

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
     * Keeps it durably. May block for a moment.
     *
     * @throws IOException when it can't be kept; the record must then not count as written
     */
    void keep(Letter letter) throws IOException;

    @Override
    void close();
}
