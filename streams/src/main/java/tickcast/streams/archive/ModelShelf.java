package tickcast.streams.archive;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a registry keeps the models of one market source: versions that are there whole or not at all and never change, and
 * one state that says which has which place. Knows neither what a model nor what the state says.
 *
 * <p>Blocking. Safe for several threads and processes. Throws {@link java.io.UncheckedIOException} or
 * {@link tickcast.model.archive.Archive.ArchiveUnavailable} when the place can't be used: trying again may help.
 */
public interface ModelShelf extends AutoCloseable {

    /** The largest version number that is there, 0 when there is none. */
    long newest();

    /** Whether a version is there. */
    boolean has(String version);

    /** The describing files of a version (its card among them) by name; empty when there is no such version. */
    Optional<Map<String, byte[]>> description(String version);

    /** The describing files of all versions by number, newest first. */
    SortedMap<Long, Map<String, byte[]>> descriptions();

    /** The model's own files by name. @throws ModelRejected when they are not what was put there */
    Map<String, byte[]> files(String version);

    /** Puts a new version at once. Returns false, and changes nothing, when there is one of this number. */
    boolean put(String version, Map<String, byte[]> files, Map<String, byte[]> description);

    /** The state, empty when there never was one. */
    Optional<byte[]> state();

    /**
     * What becomes of a state.
     *
     * @param state the next one, or empty when it stays
     * @param answer what the change amounts to
     */
    record Next<T>(Optional<byte[]> state, T answer) {}

    /** Replaces the state at once. @param step may be asked again, when another change came first */
    <T> T change(Function<Optional<byte[]>, Next<T>> step);

    /** Runs what consists of several changes, apart from others as far as the place can hold them off. */
    <T> T inTurn(Supplier<T> work);

    /** Brings the page for people about a version up to date, where there is one. @throws ModelRejected as the page's writer does */
    void describe(String version, Supplier<byte[]> readme);

    @Override
    void close();
}
