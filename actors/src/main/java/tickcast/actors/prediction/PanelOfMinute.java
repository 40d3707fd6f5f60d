package tickcast.actors.prediction;

import akka.actor.typed.ActorRef;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;

/**
 * The offers of one as-of: first they wait for each other, then they are scored as one batch. Who comes later, or again, is
 * scored with the same vectors of the others, so that a prediction always belongs to the vector that is stored with it.
 * Single-threaded.
 */
final class PanelOfMinute {

    private final Instant asOf;
    private final Map<Symbol, Predictor.Offer> offers = new TreeMap<>();
    private final Map<Symbol, Predictor.Offer> late = new HashMap<>();
    private final Map<Symbol, ActorRef<Predictor.Answer>> askers = new HashMap<>();
    private final Set<Symbol> heardOf = new HashSet<>();
    private boolean awaited;

    PanelOfMinute(Instant asOf) {
        this.asOf = asOf;
    }

    Instant asOf() {
        return asOf;
    }

    /** A repeated offer takes the place of the first: its asker is the one who still waits. */
    void add(Predictor.Offer offer) {
        Symbol symbol = offer.vector().symbol();
        offers.put(symbol, offer);
        heardOf.add(symbol);
        awaited = true;
    }

    /** An offer that nobody waits for; it never takes the place of one that somebody waits for. */
    void attend(Predictor.Offer offer) {
        Symbol symbol = offer.vector().symbol();
        offers.putIfAbsent(symbol, offer);
        heardOf.add(symbol);
    }

    /** Whether somebody waits for an answer. */
    boolean isAwaited() {
        return awaited;
    }

    void pass(Symbol symbol) {
        heardOf.add(symbol);
    }

    boolean isComplete(Set<Symbol> panel) {
        return heardOf.containsAll(panel);
    }

    /** All offers, by symbol, to be scored as one batch. */
    List<Predictor.Offer> score() {
        offers.forEach((symbol, offer) -> askers.put(symbol, offer.replyTo()));
        return List.copyOf(offers.values());
    }

    /**
     * An offer that came after the batch, or came again. Returns what to score for it: the symbol's first offer. Nothing when
     * that is being scored and stored already: its answer is for this asker then.
     */
    Optional<Predictor.Offer> scoreAlone(Predictor.Offer offer) {
        Symbol symbol = offer.vector().symbol();
        boolean isUnderWay = askers.containsKey(symbol);
        askers.put(symbol, offer.replyTo());
        if (isUnderWay) {
            return Optional.empty();
        }
        Predictor.Offer first =
                offers.containsKey(symbol) ? offers.get(symbol) : late.computeIfAbsent(symbol, known -> offer);
        return Optional.of(new Predictor.Offer(
                first.vector(), first.eligibility(), first.calibration(), offer.pace(), offer.replyTo()));
    }

    /** What the others of the batch had offered. */
    List<FeatureVector> besides(Symbol symbol) {
        return offers.values().stream()
                .map(Predictor.Offer::vector)
                .filter(vector -> !vector.symbol().equals(symbol))
                .toList();
    }

    /** Scoring and storing has ended for this symbol, well or not: tells the one who asked last. */
    void answer(Symbol symbol, Predictor.Answer answer) {
        Optional.ofNullable(askers.remove(symbol)).ifPresent(asker -> asker.tell(answer));
    }
}
