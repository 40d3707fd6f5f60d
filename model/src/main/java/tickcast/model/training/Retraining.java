package tickcast.model.training;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.registry.TrainedModel;

/** Trains a model on what was known at its time, and another one every so often. */
final class Retraining implements Speaker {

    private final BacktestSettings settings;
    private final String source;
    private final TrainingSet rows;
    private final BacktestCheckpoint checkpoint;
    private final LongSupplier nanos;
    private final Progress progress;
    private final FeatureImportance importance = new FeatureImportance();
    private Optional<Forecaster> champion = Optional.empty();
    private Instant nextTraining;
    private int models;
    private int earned;
    private long trainNanos;

    /** @param rows of the whole history; each training takes those that are known at its time @param start of the first one */
    Retraining(
            BacktestSettings settings,
            String source,
            TrainingSet rows,
            Instant start,
            BacktestCheckpoint checkpoint,
            LongSupplier nanos,
            Progress progress) {
        this.settings = settings;
        this.source = source;
        this.rows = rows;
        this.nextTraining = start;
        this.checkpoint = checkpoint;
        this.nanos = nanos;
        this.progress = progress;
    }

    @Override
    public Optional<Forecaster> at(Instant asOf) {
        if (!asOf.isBefore(nextTraining)) {
            train(asOf);
            nextTraining = asOf.plus(settings.retrainEvery());
        }
        return champion;
    }

    private void train(Instant now) {
        BacktestCheckpoint.Fold fold = checkpoint.find(now).orElseGet(() -> fold(now));
        TrainedModel model = fold.model();
        trainNanos += fold.nanos();
        importance.add(model);
        models++;
        earned += model.card().mayPromote() ? 1 : 0;
        if (model.card().mayPromote() || !settings.gated()) {
            replaceChampion(new TrainedModel(model.files(), model.card().withVersion(Integer.toString(models))));
        }
    }

    private BacktestCheckpoint.Fold fold(Instant now) {
        long begun = nanos.getAsLong();
        TrainedModel model = new ModelTrainer(settings.training()).train(rows.knownAt(now), source, now, progress);
        BacktestCheckpoint.Fold fold = new BacktestCheckpoint.Fold(model, nanos.getAsLong() - begun);
        checkpoint.keep(now, fold);
        return fold;
    }

    private void replaceChampion(TrainedModel model) {
        try {
            Forecaster next = BoosterForecaster.load(model);
            close();
            champion = Optional.of(next);
        } catch (IOException bug) {
            throw new IllegalStateException("a model just trained can't be loaded", bug);
        }
    }

    @Override
    public Account account() {
        return new Account("", models, earned, importance, trainNanos);
    }

    @Override
    public void close() {
        champion.ifPresent(Forecaster::close);
        champion = Optional.empty();
    }
}
