package tickcast.model.training;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Hyper-parameters that a search may change: of the boosters that forecast the price, of the ridge regression, and the
 * shrinkage. How the size of moves is forecast stays.
 */
record Candidate(int rounds, double eta, int maxDepth, double minChildWeight, double ridgeShare, double shrink) {

    private static final int[] ROUNDS = {50, 100, 150, 200};
    private static final double[] ETAS = {0.02, 0.03, 0.05};
    private static final int[] DEPTHS = {2, 3, 4};
    private static final double[] CHILD_WEIGHTS = {100, 200, 400};
    private static final double[] RIDGE_SHARES = {0.02, 0.05, 0.1, 0.2};
    private static final double[] SHRINKS = {0.5, 0.625, 0.75, 0.875};

    static Candidate of(TrainingSettings settings) {
        BoosterSettings booster = settings.booster();
        return new Candidate(
                booster.rounds(),
                booster.eta(),
                booster.maxDepth(),
                booster.minChildWeight(),
                settings.ridgeShare(),
                settings.shrink());
    }

    /** The recipe first, then distinct others, drawn at random from a small grid. */
    static List<Candidate> draw(TrainingSettings recipe, int others, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<Candidate> drawn = new LinkedHashSet<>();
        drawn.add(of(recipe));
        while (drawn.size() <= others) {
            drawn.add(new Candidate(
                    ROUNDS[random.nextInt(ROUNDS.length)],
                    ETAS[random.nextInt(ETAS.length)],
                    DEPTHS[random.nextInt(DEPTHS.length)],
                    CHILD_WEIGHTS[random.nextInt(CHILD_WEIGHTS.length)],
                    RIDGE_SHARES[random.nextInt(RIDGE_SHARES.length)],
                    SHRINKS[random.nextInt(SHRINKS.length)]));
        }
        return new ArrayList<>(drawn);
    }

    TrainingSettings applyTo(TrainingSettings recipe) {
        BoosterSettings usual = recipe.booster();
        return recipe.with(
                new BoosterSettings(
                        rounds,
                        eta,
                        maxDepth,
                        minChildWeight,
                        usual.subsample(),
                        usual.colsampleByTree(),
                        usual.lambda(),
                        usual.maxBin()),
                ridgeShare,
                shrink);
    }

    /** {@code 100 rounds, eta 0.03, depth 3, min child weight 200, ridge 0.05, shrink 0.75}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d rounds, eta %s, depth %d, min child weight %.0f, ridge %s, shrink %s",
                rounds,
                eta,
                maxDepth,
                minChildWeight,
                ridgeShare,
                shrink);
    }
}
