package tickcast.actors.prediction;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tickcast.model.market.Symbol;

/** The offers of one as-of that wait for each other. Single-threaded. */
final class PanelOfMinute {

    private final Instant asOf;
    private final Map<Symbol, Predictor.Offer> offers = new TreeMap<>();
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

    /** By symbol. */
    List<Predictor.Offer> offers() {
        return List.copyOf(offers.values());
    }
}
