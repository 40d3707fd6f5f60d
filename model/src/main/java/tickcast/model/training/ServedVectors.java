package tickcast.model.training;

import java.time.Instant;
import java.util.List;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;

/** The vectors that were served live, asked for a day at a time so that memory stays flat. */
@FunctionalInterface
public interface ServedVectors {

    /** Nothing was served: everything is recomputed. */
    ServedVectors NONE = (symbol, from, to) -> List.of();

    /** Served vectors of a symbol with as-of in {@code [from, to)}, in any order; may block. */
    List<FeatureVector> between(Symbol symbol, Instant from, Instant to);
}
