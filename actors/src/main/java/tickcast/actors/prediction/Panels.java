package tickcast.actors.prediction;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tickcast.model.market.Symbol;

/** The panels of one predictor: those that are still waited for, and those that were closed lately. Single-threaded. */
final class Panels {

    /**
     * All symbols close a minute before the next begins, so who is late is late by minutes; four hours are plenty. Of a minute
     * that was forgotten a late vector would merely wait for the panel's patience before it is scored.
     */
    private static final int CLOSED_REMEMBERED = 256;
    /** Of so many the vectors are kept too, a kilobyte each: longer than an archive is tried before it counts as down. */
    private static final int VECTORS_KEPT = 8;

    private final Set<Symbol> symbols;
    private final int most;
    private final NavigableMap<Instant, PanelOfMinute> open = new TreeMap<>();
    private final Map<Instant, PanelOfMinute> kept = new LinkedHashMap<>();
    private final Set<Instant> closed = new LinkedHashSet<>();

    /** @param most panels that may be waited for at once */
    Panels(Set<Symbol> symbols, int most) {
        this.symbols = symbols;
        this.most = most;
    }

    boolean isClosed(Instant asOf) {
        return closed.contains(asOf);
    }

    /** The panel to join; a new one for a new as-of. */
    PanelOfMinute open(Instant asOf) {
        return open.computeIfAbsent(asOf, PanelOfMinute::new);
    }

    /** The panel as it was scored; an empty one when that is too long ago. */
    PanelOfMinute closed(Instant asOf) {
        return Optional.ofNullable(kept.get(asOf)).orElseGet(() -> new PanelOfMinute(asOf));
    }

    /** Which panel is to be scored now that this one has changed: itself, or the oldest of too many. */
    Optional<Instant> due(PanelOfMinute changed) {
        if (changed.isComplete(symbols)) {
            return Optional.of(changed.asOf());
        }
        return open.size() > most ? Optional.of(open.firstKey()) : Optional.empty();
    }

    /** Ends the waiting. Returns the panel to score, unless nobody waits for it. */
    Optional<PanelOfMinute> close(Instant asOf) {
        Optional<PanelOfMinute> panel = Optional.ofNullable(open.remove(asOf)).filter(PanelOfMinute::isAwaited);
        panel.ifPresent(this::remember);
        return panel;
    }

    private void remember(PanelOfMinute panel) {
        closed.add(panel.asOf());
        kept.put(panel.asOf(), panel);
        forgetOldest(closed, CLOSED_REMEMBERED);
        forgetOldest(kept.keySet(), VECTORS_KEPT);
    }

    private static void forgetOldest(Set<Instant> asOfs, int most) {
        if (asOfs.size() > most) {
            asOfs.remove(asOfs.iterator().next());
        }
    }
}
