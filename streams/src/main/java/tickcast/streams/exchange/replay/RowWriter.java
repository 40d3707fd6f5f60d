package tickcast.streams.exchange.replay;

import java.io.Closeable;
import java.io.IOException;

/** Writes records to a stream that stays open when the writer is closed. Single-threaded. */
interface RowWriter extends Closeable {

    /** Before the first record, if any comes. @param example what records look like */
    void begin(Fields example);

    void write(Fields fields) throws IOException;

    /** Records written so far. */
    long rows();
}
