package tickcast.model.feature;

import java.util.List;
import java.util.Set;
import tickcast.model.market.Symbol;

/** Where symbols inform each other: fills the panel features of vectors that share one as-of. */
public final class Panel {

    private Panel() {}

    /**
     * @param vectors of one as-of, at most one a symbol
     * @param expected all symbols of the panel; the absent ones are noted in {@link FeatureVector#missing()}
     * @return the vectors in the same order, panel features filled; independent of the order given
     */
    public static List<FeatureVector> join(List<FeatureVector> vectors, Set<Symbol> expected) {
        throw new UnsupportedOperationException();
    }
}
