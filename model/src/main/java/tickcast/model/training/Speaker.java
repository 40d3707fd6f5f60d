package tickcast.model.training;

import java.time.Instant;
import java.util.Optional;
import tickcast.model.forecast.Forecaster;

/** Which model speaks in a backtest, as-of by as-of. Single-threaded. */
interface Speaker extends AutoCloseable {

    /** What the run's report says of its models. */
    record Account(String pinned, int models, int earned, FeatureImportance importance, long trainNanos) {}

    /** Who speaks at an as-of; as-ofs rise. Closed by the speaker. */
    Optional<Forecaster> at(Instant asOf);

    Account account();

    @Override
    void close();

    /** One model from the first to the last minute. @param model stays open */
    static Speaker pinned(Forecaster model) {
        return new Speaker() {
            @Override
            public Optional<Forecaster> at(Instant asOf) {
                return Optional.of(model);
            }

            @Override
            public Account account() {
                return new Account(model.card().version(), 0, 0, new FeatureImportance(), 0);
            }

            @Override
            public void close() {}
        };
    }
}
