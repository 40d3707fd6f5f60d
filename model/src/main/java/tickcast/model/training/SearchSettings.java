package tickcast.model.training;

import java.time.Duration;

/**
 * How far better hyper-parameters are looked for before a model is trained.
 *
 * @param trials at most so many candidates beside the shipped recipe; 0 = no search
 * @param seed of the candidates that are drawn
 * @param budget no candidate is begun after it; zero = the trials alone decide, and then the same rows and seed give the
 *     same model
 */
public record SearchSettings(int trials, long seed, Duration budget) {

    /** The shipped recipe as it is. */
    public static final SearchSettings OFF = new SearchSettings(0, 17, Duration.ZERO);

    /** More are not told from chance by some days of rows. */
    public static final int MOST_TRIALS = 200;

    public SearchSettings {
        if (trials < 0 || trials > MOST_TRIALS) {
            throw new IllegalArgumentException("trials must lie between 0 and " + MOST_TRIALS + ", were " + trials);
        }
        if (budget.isNegative()) {
            throw new IllegalArgumentException("a budget can't be negative, was " + budget);
        }
    }

    public boolean isOn() {
        return trials > 0;
    }
}
