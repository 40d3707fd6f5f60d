package tickcast.model.training;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;

/**
 * Walks through a history as the system would have lived through it: every minute closes, matures what waited for it,
 * teaches the intervals, is scored with the model that was there, and is predicted by the same
 * {@link PredictionComposer}; models are trained on what was known at their time, and again every so often. Blocking:
 * about 5 s and a training per day of four symbols.
 */
public final class Backtest {

    /** Live, the last minute closes this much after its end. */
    static final Duration GRACE = Duration.ofMillis(500);

    private final BacktestSettings settings;
    private final PredictionComposer composer;
    private final LongSupplier nanos;

    /** @param source what the predictions carry @param nanos a clock for the report's durations, such as {@code System::nanoTime} */
    public Backtest(BacktestSettings settings, String source, LongSupplier nanos) {
        this.settings = settings;
        this.composer = new PredictionComposer(source, settings.training().horizonMinutes(), settings.coverages());
        this.nanos = nanos;
    }

    /** @throws NotEnoughHistory when the first model can't be trained on the first part */
    public BacktestReport run(MarketHistory history, Progress progress) {
        return run(history, progress, prediction -> {});
    }

    /** As above. @param published hears every prediction, in order of as-of and symbol */
    public BacktestReport run(MarketHistory history, Progress progress, Consumer<Prediction> published) {
        TrainingSet rows = new TrainingSetBuilder(settings.training().horizonMinutes(), ServedVectors.NONE)
                .build(history, history.to(), progress);
        long minutes = Duration.between(history.from(), history.to()).toMinutes();
        Instant start = history.from().plus(Duration.ofMinutes((long) (minutes * settings.trainShare())));
        try (Walk walk = new Walk(rows, start, progress, published)) {
            history.candles()
                    .keySet()
                    .forEach(symbol -> walk.lanes.put(
                            symbol, new BacktestLane(settings.training().horizonMinutes(), settings.coverages())));
            new MarketWalk(history).run(walk, (phase, share) -> progress.at("walking forward", share));
            BacktestRun done = walk.done(history, course(history, start, progress));
            return new BacktestReport(settings.training().horizonMinutes(), List.of(done));
        }
    }

    private Map<Symbol, Map<Long, Double>> course(MarketHistory history, Instant start, Progress progress) {
        Map<Symbol, Map<Long, Double>> prices = new TreeMap<>();
        if (settings.courseRecipe()) {
            progress.at("the course recipe", 0);
            TrainingSettings training = settings.training();
            CourseRecipe recipe = new CourseRecipe(training.horizonMinutes(), training.seed());
            history.candles().forEach((symbol, candles) -> prices.put(symbol, recipe.predict(candles, start)));
        }
        return prices;
    }

    /** The state of one run. */
    private final class Walk implements MarketWalk.Visitor, AutoCloseable {

        private final TrainingSet rows;
        private final Instant start;
        private final Progress progress;
        private final Consumer<Prediction> published;
        private final Map<Symbol, BacktestLane> lanes = new TreeMap<>();
        private final List<Forecaster> champion = new ArrayList<>();
        private final FeatureImportance importance = new FeatureImportance();
        private Instant nextTraining;
        private int models;
        private int earned;
        private long trainNanos;
        private long scoreNanos;
        private long scoredRows;

        Walk(TrainingSet rows, Instant start, Progress progress, Consumer<Prediction> published) {
            this.rows = rows;
            this.start = start;
            this.progress = progress;
            this.published = published;
            this.nextTraining = start;
        }

        @Override
        public void visit(Instant asOf, List<MarketWalk.Step> steps) {
            steps.forEach(step -> lane(step).close(step.candle(), start));
            if (!asOf.isBefore(nextTraining)) {
                train(asOf);
                nextTraining = asOf.plus(settings.retrainEvery());
            }
            List<Opinion> opinions = opinions(steps);
            for (int i = 0; i < steps.size(); i++) {
                MarketWalk.Step step = steps.get(i);
                Prediction prediction = composer.compose(
                        step.vector(),
                        step.eligibility(),
                        opinions.get(i),
                        lane(step).calibration(),
                        asOf.plus(GRACE));
                lane(step).publish(prediction, settings.coverages());
                published.accept(prediction);
            }
        }

        private BacktestLane lane(MarketWalk.Step step) {
            return lanes.get(step.candle().symbol());
        }

        private void train(Instant now) {
            long begun = nanos.getAsLong();
            TrainedModel model =
                    new ModelTrainer(settings.training()).train(rows.knownAt(now), composer.source(), now, progress);
            trainNanos += nanos.getAsLong() - begun;
            importance.add(model);
            models++;
            earned += model.card().mayPromote() ? 1 : 0;
            if (model.card().mayPromote() || !settings.gated()) {
                replaceChampion(new TrainedModel(model.files(), model.card().withVersion(Integer.toString(models))));
            }
        }

        private void replaceChampion(TrainedModel model) {
            try {
                Forecaster next = BoosterForecaster.load(model);
                close();
                champion.add(next);
            } catch (IOException bug) {
                throw new IllegalStateException("a model just trained can't be loaded", bug);
            }
        }

        private List<Opinion> opinions(List<MarketWalk.Step> steps) {
            List<Opinion> opinions = new ArrayList<>(steps.size());
            if (champion.isEmpty()) {
                steps.forEach(step -> opinions.add(Opinion.none()));
                return opinions;
            }
            Forecaster forecaster = champion.get(0);
            long begun = nanos.getAsLong();
            List<Forecaster.Forecast> forecasts =
                    forecaster.score(steps.stream().map(MarketWalk.Step::vector).toList());
            scoreNanos += nanos.getAsLong() - begun;
            scoredRows += steps.size();
            forecasts.forEach(
                    forecast -> opinions.add(new Opinion.Given(forecaster.card().version(), forecast, false, false)));
            return opinions;
        }

        BacktestRun done(MarketHistory history, Map<Symbol, Map<Long, Double>> course) {
            Map<Symbol, List<Outcome>> outcomes = new TreeMap<>();
            lanes.forEach((symbol, lane) -> outcomes.put(symbol, lane.outcomes()));
            return new BacktestRun(
                    history.from(),
                    start,
                    history.to(),
                    models,
                    earned,
                    outcomes,
                    course,
                    importance,
                    trainNanos,
                    scoreNanos,
                    scoredRows);
        }

        @Override
        public void close() {
            champion.forEach(Forecaster::close);
            champion.clear();
        }
    }
}
