package tickcast.streams.archive.recent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import tickcast.model.forecast.Prediction;

/**
 * One symbol's recent predictions: the first published one of an as-of wins, and the first of an id. Guarded by the
 * {@link RecentRecords} that holds it.
 */
final class PredictionBook {

    private final Series<Prediction> published;
    private final Series<Prediction> shadows;
    private final Map<Key, Entry<Prediction>> byId = new HashMap<>();
    private Instant targetFloor = Instant.MAX;
    private Instant targetsEvictedUpTo = Instant.MIN;

    PredictionBook(int mostArchived) {
        this.published = new Series<>(Key::ofPublished, mostArchived, this::onLeave);
        this.shadows = new Series<>(PredictionBook::shadowKey, mostArchived, this::onLeave);
    }

    private static Key shadowKey(Prediction shadow) {
        return new Key(Key.ofPublished(shadow).time(), shadow.modelVersion() + '|' + shadow.targetTime());
    }

    private void onLeave(Entry<Prediction> entry) {
        byId.remove(Key.ofId(entry.fact()), entry);
        Instant after = entry.fact().targetTime().plusNanos(1);
        targetsEvictedUpTo = after.isAfter(targetsEvictedUpTo) ? after : targetsEvictedUpTo;
    }

    Series<Prediction> published() {
        return published;
    }

    /** What has won over this prediction, itself included when it was written before. */
    Optional<Prediction> winner(Prediction prediction) {
        if (prediction.published()) {
            Optional<Entry<Prediction>> first = published.find(Key.ofPublished(prediction));
            if (first.isPresent()) {
                return first.map(Entry::fact);
            }
        }
        return Optional.ofNullable(byId.get(Key.ofId(prediction)))
                .map(Entry::fact)
                .filter(same -> same.published() || !prediction.published());
    }

    /** The shadow that this published prediction makes public. */
    Optional<Entry<Prediction>> shadowOf(Prediction prediction) {
        return Optional.ofNullable(byId.get(Key.ofId(prediction)))
                .filter(same -> prediction.published() && !same.fact().published());
    }

    /** Takes a prediction in unless another one has won. Returns the entry that is new. */
    Optional<Entry<Prediction>> add(
            Prediction prediction, BiFunction<Series<Prediction>, Prediction, Entry<Prediction>> entryOf) {
        if (winner(prediction).isPresent()) {
            return Optional.empty();
        }
        Optional<Entry<Prediction>> shadow = shadowOf(prediction);
        shadow.ifPresent(shadows::take);
        Prediction fact = shadow.map(entry -> entry.fact().withPublished(true)).orElse(prediction);
        Series<Prediction> series = fact.published() ? published : shadows;
        Entry<Prediction> entry = entryOf.apply(series, fact);
        series.put(entry);
        byId.put(Key.ofId(fact), entry);
        return Optional.of(entry);
    }

    void completeFrom(Instant asOf, Instant target) {
        published.completeFrom(asOf);
        shadows.completeFrom(asOf);
        targetFloor = target.isBefore(targetFloor) ? target : targetFloor;
    }

    boolean isCompleteFromTarget(Instant target) {
        return targetFloor.isBefore(Instant.MAX)
                && !target.isBefore(targetFloor)
                && !target.isBefore(targetsEvictedUpTo);
    }

    /** Whether nothing that the store may hold can win over this prediction unseen. */
    boolean isDecidedHere(Prediction prediction) {
        return published.isCompleteFrom(prediction.asOf()) && isCompleteFromTarget(prediction.targetTime());
    }

    /** All with figures and a target time in the range. */
    List<Entry<Prediction>> withTarget(Instant from, Instant to) {
        List<Entry<Prediction>> found = new ArrayList<>();
        Stream.concat(published.all().stream(), shadows.all().stream())
                .filter(entry -> entry.fact().hasFigures())
                .filter(entry -> !entry.fact().targetTime().isBefore(from))
                .filter(entry -> entry.fact().targetTime().isBefore(to))
                .forEach(found::add);
        return found;
    }

    void forget(Instant beforeTarget) {
        List<Entry<Prediction>> old = byId.values().stream()
                .filter(entry -> entry.fact().targetTime().isBefore(beforeTarget))
                .toList();
        for (Entry<Prediction> entry : old) {
            entry.drop();
        }
    }
}
