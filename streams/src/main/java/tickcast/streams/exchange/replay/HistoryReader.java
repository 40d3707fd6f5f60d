package tickcast.streams.exchange.replay;

import java.util.Iterator;

/**
 * Reads history from old to new, lazily, so that files of any size need little memory. Single-threaded.
 *
 * <p>{@link #hasNext} and {@link #next} throw {@link HistoryException} when a file can't be read, and at a file's end when
 * more than 1 % of the lines read so far were bad.
 */
public interface HistoryReader<T> extends Iterator<T>, AutoCloseable {

    @Override
    void close();
}
