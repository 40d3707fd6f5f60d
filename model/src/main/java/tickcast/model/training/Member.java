package tickcast.model.training;

/** What an ensemble may be made of. Squared error showed no skill as a booster's objective. */
public enum Member {
    /** A booster with the pseudo-Huber loss. */
    PSEUDO_HUBER("huber.ubj", "reg:pseudohubererror"),
    /** A booster with absolute error. */
    ABSOLUTE("absolute.ubj", "reg:absoluteerror"),
    /** A ridge regression on standardised features. */
    RIDGE("", "");

    private final String file;
    private final String objective;

    Member(String file, String objective) {
        this.file = file;
        this.objective = objective;
    }

    /** Name of the model file, empty for the ridge regression. */
    String file() {
        return file;
    }

    String objective() {
        return objective;
    }

    boolean isBooster() {
        return !file.isEmpty();
    }
}
