package tickcast.actors.training;

import java.time.Instant;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.NotEnoughHistory;
import tickcast.model.training.Progress;
import tickcast.model.training.SearchSettings;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.model.training.TrainingSettings;

/** How a model is made of what happened. Blocking; needs seconds to minutes. */
@FunctionalInterface
public interface Recipe {

    /**
     * @param now nothing later is used
     * @param createdAt for the card
     * @throws NotEnoughHistory when there is too little to learn from; trying later may help
     */
    TrainedModel train(MarketHistory history, ServedVectors served, Instant now, Instant createdAt);

    /** The recipe of {@code model.training}. @param search for better hyper-parameters @param source key of the market source */
    static Recipe of(TrainingSettings settings, SearchSettings search, String source) {
        return (history, served, now, createdAt) -> {
            TrainingSet set =
                    new TrainingSetBuilder(settings.horizonMinutes(), served).build(history, now, Progress.SILENT);
            return new ModelTrainer(settings, search, System::nanoTime).train(set, source, createdAt, Progress.SILENT);
        };
    }
}
