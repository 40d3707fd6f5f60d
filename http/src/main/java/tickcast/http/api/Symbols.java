package tickcast.http.api;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tickcast.http.api.Problem.Kind;
import tickcast.model.market.Symbol;

/** The symbols that are served, and how clients may write them. */
final class Symbols {

    private final List<Symbol> all;
    private final Set<Symbol> known;

    Symbols(List<Symbol> all) {
        this.all = all;
        this.known = Set.copyOf(all);
    }

    List<Symbol> all() {
        return all;
    }

    Optional<Symbol> find(String text) {
        return text.length() > 32 ? Optional.empty() : Symbol.tryParse(text).filter(known::contains);
    }

    /** @throws Problem 404 */
    Symbol known(String text) {
        return find(text)
                .orElseThrow(() -> Problem.of(
                        Kind.UNKNOWN_SYMBOL,
                        "Unknown symbol " + Problem.shortened(text) + "; GET /api/v1/symbols lists the known ones."));
    }
}
