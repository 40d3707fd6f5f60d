package tickcast.streams.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tickcast.model.registry.ModelState;
import tickcast.model.registry.ModelSwitch;

/**
 * What changes in a registry: which version has which place and why, and every switch that ever was. One small file,
 * replaced as a whole.
 *
 * @param nextVersion number for the next model; numbers are never used again
 * @param places by version; a version without one is a challenger
 * @param former versions that were champion before the present one and could be again, latest last
 * @param switches every change, oldest first
 */
record RegistryState(long nextVersion, Map<String, Place> places, List<String> former, List<ModelSwitch> switches) {

    static final RegistryState EMPTY = new RegistryState(1, Map.of(), List.of(), List.of());

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    record Place(ModelState state, String reason) {}

    RegistryState {
        places = Map.copyOf(places);
        former = List.copyOf(former);
        switches = List.copyOf(switches);
    }

    Place place(String version) {
        return places.getOrDefault(version, new Place(ModelState.CHALLENGER, "registered"));
    }

    String champion() {
        return places.entrySet().stream()
                .filter(entry -> entry.getValue().state() == ModelState.CHAMPION)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    RegistryState registered(long version, Instant at) {
        return new RegistryState(
                Math.max(nextVersion, version + 1),
                places,
                former,
                withSwitch(at, ModelSwitch.Action.REGISTER, Long.toString(version), "registered"));
    }

    RegistryState promoted(String version, String reason, Instant at) {
        String champion = champion();
        List<String> formers = new ArrayList<>(former);
        formers.remove(version);
        Map<String, Place> moved = new TreeMap<>(places);
        if (!champion.isEmpty() && !champion.equals(version)) {
            moved.put(champion, new Place(ModelState.CHALLENGER, "version " + version + " was promoted: " + reason));
            formers.remove(champion);
            formers.add(champion);
        }
        moved.put(version, new Place(ModelState.CHAMPION, reason));
        return new RegistryState(
                nextVersion, moved, formers, withSwitch(at, ModelSwitch.Action.PROMOTE, version, reason));
    }

    /** The latest former champion is champion again. The caller made sure that there is one. */
    RegistryState rolledBack(String reason, Instant at) {
        List<String> formers = new ArrayList<>(former);
        String version = formers.remove(formers.size() - 1);
        Map<String, Place> moved = new TreeMap<>(places);
        if (!champion().isEmpty()) {
            moved.put(champion(), new Place(ModelState.RETIRED, reason));
        }
        moved.put(version, new Place(ModelState.CHAMPION, "rolled back to: " + reason));
        return new RegistryState(
                nextVersion, moved, formers, withSwitch(at, ModelSwitch.Action.ROLLBACK, version, reason));
    }

    /** A retired version is nobody to go back to. */
    RegistryState retired(String version, String reason, Instant at) {
        List<String> formers = new ArrayList<>(former);
        formers.remove(version);
        Map<String, Place> moved = new TreeMap<>(places);
        moved.put(version, new Place(ModelState.RETIRED, reason));
        return new RegistryState(
                nextVersion, moved, formers, withSwitch(at, ModelSwitch.Action.RETIRE, version, reason));
    }

    /** The same when the newest entry about the version says it already. */
    RegistryState noted(ModelSwitch.Action action, String version, String reason, Instant at) {
        List<ModelSwitch> about = about(version);
        boolean isKnown = !about.isEmpty()
                && about.get(about.size() - 1).action() == action
                && about.get(about.size() - 1).reason().equals(reason);
        return isKnown ? this : new RegistryState(nextVersion, places, former, withSwitch(at, action, version, reason));
    }

    /** What the history says about a version, oldest first. */
    List<ModelSwitch> about(String version) {
        return switches.stream()
                .filter(entry -> entry.version().equals(version))
                .toList();
    }

    private List<ModelSwitch> withSwitch(Instant at, ModelSwitch.Action action, String version, String reason) {
        List<ModelSwitch> all = new ArrayList<>(switches);
        all.add(new ModelSwitch(at, action, version, reason));
        return all;
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a registry's state can always be written", bug);
        }
    }

    /** The empty one when none is kept. @throws UncheckedIOException when it is damaged */
    static RegistryState of(Optional<byte[]> kept) {
        if (kept.isEmpty()) {
            return EMPTY;
        }
        try {
            return JSON.readValue(kept.get(), RegistryState.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the state of the model registry is damaged", damaged);
        }
    }
}
