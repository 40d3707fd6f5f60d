package tickcast.streams.archive;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shelf that takes over what an earlier one holds, when it has no state of its own at its first use. The earlier one stays as
 * it is. A take-over that was broken off is gone on with, since the state comes last.
 */
public final class InheritingShelf implements ModelShelf {

    private static final Logger LOG = LoggerFactory.getLogger(InheritingShelf.class);

    private final ModelShelf own;
    private final ModelShelf earlier;
    private boolean settled;

    /** Both are closed with it. */
    public InheritingShelf(ModelShelf own, ModelShelf earlier) {
        this.own = own;
        this.earlier = earlier;
    }

    private synchronized ModelShelf settled() {
        if (!settled) {
            Optional<byte[]> left = earlier.state();
            if (left.isPresent() && own.state().isEmpty()) {
                takeOver(left.get());
            }
            settled = true;
        }
        return own;
    }

    private void takeOver(byte[] state) {
        SortedMap<Long, Map<String, byte[]>> descriptions = earlier.descriptions();
        List<Long> oldestFirst = new ArrayList<>(descriptions.keySet());
        Collections.reverse(oldestFirst);
        for (long number : oldestFirst) {
            String version = Long.toString(number);
            own.put(version, earlier.files(version), descriptions.get(number));
        }
        own.change(now -> new Next<>(now.isPresent() ? Optional.empty() : Optional.of(state), state));
        LOG.info("{} models of {} are now in {}", oldestFirst.size(), earlier, own);
    }

    @Override
    public long newest() {
        return settled().newest();
    }

    @Override
    public boolean has(String version) {
        return settled().has(version);
    }

    @Override
    public Optional<Map<String, byte[]>> description(String version) {
        return settled().description(version);
    }

    @Override
    public SortedMap<Long, Map<String, byte[]>> descriptions() {
        return settled().descriptions();
    }

    @Override
    public Map<String, byte[]> files(String version) {
        return settled().files(version);
    }

    @Override
    public boolean put(String version, Map<String, byte[]> files, Map<String, byte[]> description) {
        return settled().put(version, files, description);
    }

    @Override
    public Optional<byte[]> state() {
        return settled().state();
    }

    @Override
    public <T> T change(Function<Optional<byte[]>, Next<T>> step) {
        return settled().change(step);
    }

    @Override
    public <T> T inTurn(Supplier<T> work) {
        return settled().inTurn(work);
    }

    @Override
    public void describe(String version, Supplier<byte[]> readme) {
        settled().describe(version, readme);
    }

    @Override
    public void close() {
        own.close();
        earlier.close();
    }

    @Override
    public String toString() {
        return own.toString();
    }
}
