package tickcast.streams.exchange.replay;

import java.io.Closeable;
import java.io.IOException;

/** Writes records to a stream that stays open when the writer is closed. Single-threaded. */
interface RowWriter extends Closeable {

    void write(Fields fields) throws IOException;

    /** Records written so far. */
    long rows();
}
