package tickcast.model.training;

/** Hears how far long work has come. Called on the working thread. */
@FunctionalInterface
public interface Progress {

    /** Nobody listens. */
    Progress SILENT = (phase, share) -> {};

    /** @param phase in a few words @param share of that phase that is done, 0–1 */
    void at(String phase, double share);
}
