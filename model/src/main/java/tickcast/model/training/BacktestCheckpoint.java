package tickcast.model.training;

import java.time.Instant;
import java.util.Optional;
import tickcast.model.registry.TrainedModel;

/**
 * What an interrupted backtest leaves for the next one with the same history, settings and code: its models, whose training
 * is what takes the time. The minutes between are walked through again; they come out the same. Used from one thread.
 */
public interface BacktestCheckpoint {

    /** Nothing is kept. */
    BacktestCheckpoint NONE = new BacktestCheckpoint() {
        @Override
        public Optional<Fold> find(Instant trainedAt) {
            return Optional.empty();
        }

        @Override
        public void keep(Instant trainedAt, Fold fold) {}
    };

    /** A finished training. @param nanos that it took */
    record Fold(TrainedModel model, long nanos) {}

    /** What was kept of the training at an as-of; whatever is damaged is not there. */
    Optional<Fold> find(Instant trainedAt);

    /** Keeps a training, whole or not at all. */
    void keep(Instant trainedAt, Fold fold);
}
