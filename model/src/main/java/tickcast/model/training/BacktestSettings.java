package tickcast.model.training;

import java.time.Duration;
import java.util.List;

/**
 * How a backtest walks forward.
 *
 * @param training how each model is trained
 * @param search for better hyper-parameters before each training
 * @param coverages of the intervals, rising, at most one for each whole percent
 * @param trainShare share of the history before the first model, 0–1
 * @param retrainEvery how long a model speaks
 * @param gated whether a model that did not earn it stays silent, as live; otherwise every model is judged
 * @param courseRecipe whether the recipe of the popular courses is judged beside it: a second or two a symbol
 */
public record BacktestSettings(
        TrainingSettings training,
        SearchSettings search,
        List<Double> coverages,
        double trainShare,
        Duration retrainEvery,
        boolean gated,
        boolean courseRecipe) {

    public BacktestSettings {
        coverages = List.copyOf(coverages);
        if (!(trainShare > 0 && trainShare < 1)) {
            throw new IllegalArgumentException("train share must lie between 0 and 1, was " + trainShare);
        }
        if (retrainEvery.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("retraining takes longer than " + retrainEvery);
        }
    }

    /** 65 % of the history, then daily, without a search; every model judged; the hard minimum of history is enough. */
    public static BacktestSettings defaults(int horizonMinutes) {
        return new BacktestSettings(
                TrainingSettings.defaults(horizonMinutes).withMinimumHistory(TrainingSettings.LEAST_HISTORY),
                SearchSettings.OFF,
                List.of(0.8, 0.95),
                0.65,
                Duration.ofDays(1),
                false,
                true);
    }

    public BacktestSettings withTraining(TrainingSettings newTraining) {
        return new BacktestSettings(newTraining, search, coverages, trainShare, retrainEvery, gated, courseRecipe);
    }

    public BacktestSettings withCoverages(List<Double> newCoverages) {
        return new BacktestSettings(training, search, newCoverages, trainShare, retrainEvery, gated, courseRecipe);
    }

    public BacktestSettings withRetrainEvery(Duration period) {
        return new BacktestSettings(training, search, coverages, trainShare, period, gated, courseRecipe);
    }

    public BacktestSettings withSearch(SearchSettings newSearch) {
        return new BacktestSettings(training, newSearch, coverages, trainShare, retrainEvery, gated, courseRecipe);
    }
}
