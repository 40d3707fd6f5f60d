package tickcast.model.feature;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tickcast.model.market.Symbol;

/**
 * Where symbols inform each other: fills the panel features of vectors that share one as-of. Returns are in each symbol's own
 * volatility. The leader is BTC against the symbol's quote asset if the panel has that pair, else its first BTC pair; for the
 * leader itself the mean of the others stands in.
 */
public final class Panel {

    static final List<String> NAMES = List.of(
            "leaderReturn1",
            "leaderReturn2",
            "leaderReturn5",
            "leaderReturn15",
            "panelReturn1",
            "panelReturn2",
            "panelReturn5",
            "panelReturn15",
            "relativeReturn1",
            "relativeReturn2",
            "relativeReturn5",
            "relativeReturn15",
            "panelMove5");

    private static final String LEADING_ASSET = "BTC";
    private static final int[] LAGS = {1, 2, 5, 15};
    private static final int FIVE_MINUTES = 2;

    private Panel() {}

    /**
     * Joins what came of one as-of. O(n log n); changes none of the given vectors.
     *
     * @param vectors of one as-of and schema, at most one a symbol
     * @param expected all symbols of the panel; the absent ones are noted in {@link FeatureVector#missing()}
     * @return the vectors in the same order, panel features filled, known when the last one was; the figures don't depend on
     *     the order given
     * @throws IllegalArgumentException when the vectors don't belong together
     */
    public static List<FeatureVector> join(List<FeatureVector> vectors, Set<Symbol> expected) {
        if (vectors.isEmpty()) {
            return List.of();
        }
        requireOneMoment(vectors);
        Join join = new Join(vectors, expected);
        List<FeatureVector> joined = new ArrayList<>(vectors.size());
        for (FeatureVector vector : vectors) {
            joined.add(join.fill(vector));
        }
        return joined;
    }

    private static void requireOneMoment(List<FeatureVector> vectors) {
        FeatureVector first = vectors.get(0);
        Set<Symbol> seen = new HashSet<>();
        for (FeatureVector vector : vectors) {
            if (!vector.asOf().equals(first.asOf())) {
                throw new IllegalArgumentException(
                        "a panel has one as-of, not " + first.asOf() + " and " + vector.asOf());
            }
            if (!vector.schemaHash().equals(FeatureSchema.current().hash())) {
                throw new IllegalArgumentException("the vector of " + vector.symbol() + " has another schema");
            }
            if (!seen.add(vector.symbol())) {
                throw new IllegalArgumentException("two vectors of " + vector.symbol());
            }
        }
    }

    /** One panel's sums, taken in the order of the symbols' names. */
    private static final class Join {

        private static final int START = FeatureSchema.current().indexOf(NAMES.get(0));
        private static final int[] RETURNS = Arrays.stream(LAGS)
                .map(lag -> FeatureSchema.current().indexOf(ReturnFeatures.name(lag)))
                .toArray();
        private static final double[] UNKNOWN = unknown();

        private final Map<Symbol, FeatureVector> bySymbol = new HashMap<>();
        private final List<Symbol> leaders;
        private final String missing;
        private final Instant knownAt;
        private final double[] sums = new double[LAGS.length];
        private final int[] counts = new int[LAGS.length];
        private double moves;

        Join(List<FeatureVector> vectors, Set<Symbol> expected) {
            vectors.forEach(vector -> bySymbol.put(vector.symbol(), vector));
            TreeSet<Symbol> present = new TreeSet<>(bySymbol.keySet());
            TreeSet<Symbol> all = new TreeSet<>(expected);
            all.addAll(present);
            leaders = all.stream().filter(Panel::leads).toList();
            missing = all.stream()
                    .filter(symbol -> !present.contains(symbol))
                    .map(Symbol::name)
                    .collect(Collectors.joining(","));
            knownAt = latest(bySymbol.values());
            present.forEach(symbol -> count(bySymbol.get(symbol).values()));
        }

        private static double[] unknown() {
            double[] values = new double[FeatureSchema.current().size()];
            Arrays.fill(values, Double.NaN);
            return values;
        }

        private static Instant latest(Collection<FeatureVector> vectors) {
            return vectors.stream()
                    .map(FeatureVector::knownAt)
                    .max(Instant::compareTo)
                    .orElseThrow();
        }

        private void count(double[] values) {
            for (int i = 0; i < LAGS.length; i++) {
                double own = values[RETURNS[i]];
                if (!Double.isNaN(own)) {
                    sums[i] += own;
                    counts[i]++;
                    moves += i == FIVE_MINUTES ? Math.abs(own) : 0;
                }
            }
        }

        FeatureVector fill(FeatureVector vector) {
            double[] values = vector.values().clone();
            Optional<Symbol> leader = leaderOf(vector.symbol());
            boolean isLeader = leader.filter(vector.symbol()::equals).isPresent();
            double[] leading =
                    leader.map(bySymbol::get).map(FeatureVector::values).orElse(UNKNOWN);
            for (int i = 0; i < LAGS.length; i++) {
                double own = values[RETURNS[i]];
                double others = meanOfOthers(sums[i], counts[i], own);
                values[START + i] = isLeader ? others : leading[RETURNS[i]];
                values[START + LAGS.length + i] = others;
                values[START + 2 * LAGS.length + i] = own - others;
            }
            double ownMove = Math.abs(values[RETURNS[FIVE_MINUTES]]);
            values[START + 3 * LAGS.length] = meanOfOthers(moves, counts[FIVE_MINUTES], ownMove);
            return withValues(vector, values);
        }

        private Optional<Symbol> leaderOf(Symbol symbol) {
            return leaders.stream()
                    .filter(leader -> leader.quote().equals(symbol.quote()))
                    .findFirst()
                    .or(() -> leaders.stream().findFirst());
        }

        private static double meanOfOthers(double sum, int count, double own) {
            boolean isCounted = !Double.isNaN(own);
            int others = count - (isCounted ? 1 : 0);
            return others > 0 ? (sum - (isCounted ? own : 0)) / others : Double.NaN;
        }

        private FeatureVector withValues(FeatureVector vector, double[] values) {
            return new FeatureVector(
                    vector.symbol(),
                    vector.asOf(),
                    knownAt,
                    vector.schemaHash(),
                    values,
                    vector.lastPrice(),
                    vector.volatility(),
                    missing);
        }
    }

    private static boolean leads(Symbol symbol) {
        return symbol.base().equals(LEADING_ASSET);
    }
}
