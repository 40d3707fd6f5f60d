package tickcast.model.training;

import java.time.Duration;
import java.util.List;

/**
 * How a model is trained and tested.
 *
 * @param horizonMinutes of the forecasts
 * @param minimumHistory less is refused; at least {@link #LEAST_HISTORY}, under which nothing beat naive
 * @param testShare share of the rows, the latest ones, on which the model must earn its right to speak, 0–1
 * @param purgeMinutes left out between training and test; at least the horizon
 * @param members of the model; those that forecast the price weigh the same
 * @param booster how boosters grow that forecast the price
 * @param scaleBooster how the one grows that forecasts the size of the move
 * @param ridgeShare λ of the ridge regression per row
 * @param scaleRidgeShare the same of the linear model of volatility
 * @param shrink what the members' mean is multiplied with, besides the scale: little is known, so little is said
 * @param leastPresence a feature is used when at least this share of the training rows knows it
 * @param seed of every random choice
 * @param threads of XGBoost; another number may give another model
 */
public record TrainingSettings(
        int horizonMinutes,
        Duration minimumHistory,
        double testShare,
        int purgeMinutes,
        List<Member> members,
        BoosterSettings booster,
        BoosterSettings scaleBooster,
        double ridgeShare,
        double scaleRidgeShare,
        double shrink,
        double leastPresence,
        int seed,
        int threads) {

    /** The hard minimum. */
    public static final Duration LEAST_HISTORY = Duration.ofDays(13);

    public TrainingSettings {
        members = List.copyOf(members);
        require(horizonMinutes >= 1, "horizon must be at least a minute, was " + horizonMinutes);
        require(
                minimumHistory.compareTo(LEAST_HISTORY) >= 0,
                "minimum history must be at least 13 days, was " + minimumHistory);
        require(testShare > 0 && testShare < 1, "test share must lie between 0 and 1, was " + testShare);
        require(
                purgeMinutes >= horizonMinutes,
                "purge must be at least the horizon of " + horizonMinutes + " minutes, was " + purgeMinutes);
        require(members.stream().anyMatch(Member::forecastsPrice), "an ensemble needs a member");
        require(members.stream().distinct().count() == members.size(), "a member counts once: " + members);
        require(ridgeShare > 0, "ridge share must be positive, was " + ridgeShare);
        require(scaleRidgeShare > 0, "ridge share of the scale must be positive, was " + scaleRidgeShare);
        require(shrink > 0 && shrink <= 1, "shrink must lie between 0 and 1, was " + shrink);
        require(leastPresence > 0 && leastPresence <= 1, "presence must lie between 0 and 1, was " + leastPresence);
        require(threads >= 1, "threads must be at least 1, was " + threads);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The floor recipe. */
    public static TrainingSettings defaults(int horizonMinutes) {
        return new TrainingSettings(
                horizonMinutes,
                Duration.ofDays(14),
                0.25,
                horizonMinutes,
                List.of(Member.PSEUDO_HUBER, Member.ABSOLUTE, Member.RIDGE, Member.SCALE),
                BoosterSettings.DEFAULT,
                BoosterSettings.SCALE,
                0.05,
                0.003,
                0.75,
                0.95,
                17,
                2);
    }

    public TrainingSettings withMinimumHistory(Duration history) {
        return with(history, members, threads);
    }

    public TrainingSettings withMembers(List<Member> newMembers) {
        return with(minimumHistory, newMembers, threads);
    }

    public TrainingSettings withThreads(int newThreads) {
        return with(minimumHistory, members, newThreads);
    }

    public TrainingSettings withBooster(BoosterSettings newBooster) {
        return with(newBooster, ridgeShare, shrink);
    }

    /** The same with other values of what is searched for. */
    TrainingSettings with(BoosterSettings newBooster, double newRidgeShare, double newShrink) {
        return new TrainingSettings(
                horizonMinutes,
                minimumHistory,
                testShare,
                purgeMinutes,
                members,
                newBooster,
                scaleBooster,
                newRidgeShare,
                scaleRidgeShare,
                newShrink,
                leastPresence,
                seed,
                threads);
    }

    /** The same with other values of what can be set. */
    public TrainingSettings with(Duration newMinimumHistory, List<Member> newMembers, int newThreads) {
        return new TrainingSettings(
                horizonMinutes,
                newMinimumHistory,
                testShare,
                purgeMinutes,
                newMembers,
                booster,
                scaleBooster,
                ridgeShare,
                scaleRidgeShare,
                shrink,
                leastPresence,
                seed,
                newThreads);
    }
}
