package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.model.registry.ModelCard;

/**
 * Walks through a history as the system would have lived through it: every minute closes, matures what waited for it,
 * teaches the intervals, is scored with the model that was there, and is predicted by the same
 * {@link PredictionComposer}. Models are trained on what was known at their time, and again every so often, or one model
 * is pinned. Blocking: about 5 s and a training per day of four symbols.
 */
public final class Backtest {

    /** Live, the last minute closes this much after its end. */
    static final Duration GRACE = Duration.ofMillis(500);

    private final BacktestSettings settings;
    private final PredictionComposer composer;
    private final LongSupplier nanos;
    private final BacktestCheckpoint checkpoint;

    /** @param source what the predictions carry @param nanos a clock for the report's durations, such as {@code System::nanoTime} */
    public Backtest(BacktestSettings settings, String source, LongSupplier nanos) {
        this(settings, source, nanos, BacktestCheckpoint.NONE);
    }

    private Backtest(BacktestSettings settings, String source, LongSupplier nanos, BacktestCheckpoint checkpoint) {
        this.settings = settings;
        this.composer = new PredictionComposer(source, settings.training().horizonMinutes(), settings.coverages());
        this.nanos = nanos;
        this.checkpoint = checkpoint;
    }

    /** The same, taking over what an interrupted one had trained. @param left by the same history, settings and code */
    public Backtest resuming(BacktestCheckpoint left) {
        return new Backtest(settings, composer.source(), nanos, left);
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
        try (Speaker retraining =
                new Retraining(settings, composer.source(), rows, start, checkpoint, nanos, progress)) {
            return walk(history, new Walk(history, retraining, start, published), progress);
        }
    }

    /**
     * Nothing is trained: one model speaks wherever the market's state allows it, from the first minute on and however
     * old it gets. What counts are the minutes after those that it learned from.
     *
     * @param model stays open
     * @param published hears every prediction, in order of as-of and symbol
     * @throws NotEnoughHistory when it learned from all of them
     */
    public BacktestReport run(
            MarketHistory history, Forecaster model, Progress progress, Consumer<Prediction> published) {
        if (model.card().horizonMinutes() != composer.horizonMinutes()) {
            throw new IllegalArgumentException("model " + model.card().version() + " looks "
                    + model.card().horizonMinutes() + " minutes ahead, not " + composer.horizonMinutes());
        }
        try (Speaker pinned = Speaker.pinned(model)) {
            return walk(history, new Walk(history, pinned, unseen(history, model.card()), published), progress);
        }
    }

    /** The first as-of that a model did not learn from. */
    private static Instant unseen(MarketHistory history, ModelCard card) {
        boolean overlaps =
                card.dataTo().isAfter(history.from()) && card.dataFrom().isBefore(history.to());
        if (!overlaps) {
            return history.from();
        }
        if (!card.dataTo().isBefore(history.to())) {
            throw new NotEnoughHistory(String.format(
                    Locale.ROOT,
                    "model %s learned from %s to %s, and the history ends at %s: there is no later minute to judge it by",
                    card.version(),
                    Times.iso(card.dataFrom()),
                    Times.iso(card.dataTo()),
                    Times.iso(history.to())));
        }
        return card.dataTo();
    }

    private BacktestReport walk(MarketHistory history, Walk walk, Progress progress) {
        new MarketWalk(history).run(walk, (phase, share) -> progress.at("walking forward", share));
        BacktestRun done = walk.done(course(history, walk.start, progress));
        return new BacktestReport(settings.training().horizonMinutes(), List.of(done));
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
    private final class Walk implements MarketWalk.Visitor {

        private final MarketHistory history;
        private final Speaker speaker;
        private final Instant start;
        private final Consumer<Prediction> published;
        private final Map<Symbol, BacktestLane> lanes = new TreeMap<>();
        private long scoreNanos;
        private long scoredRows;

        /** @param start first as-of that counts */
        Walk(MarketHistory history, Speaker speaker, Instant start, Consumer<Prediction> published) {
            this.history = history;
            this.speaker = speaker;
            this.start = start;
            this.published = published;
            history.candles()
                    .keySet()
                    .forEach(symbol ->
                            lanes.put(symbol, new BacktestLane(composer.horizonMinutes(), composer.coverages())));
        }

        @Override
        public void visit(Instant asOf, List<MarketWalk.Step> steps) {
            steps.forEach(step -> lane(step).close(step.candle(), start));
            List<Opinion> opinions = opinions(speaker.at(asOf), steps);
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

        private List<Opinion> opinions(Optional<Forecaster> champion, List<MarketWalk.Step> steps) {
            if (champion.isEmpty()) {
                return steps.stream().map(step -> Opinion.none()).toList();
            }
            Forecaster forecaster = champion.get();
            long begun = nanos.getAsLong();
            List<Forecaster.Forecast> forecasts =
                    forecaster.score(steps.stream().map(MarketWalk.Step::vector).toList());
            scoreNanos += nanos.getAsLong() - begun;
            scoredRows += steps.size();
            String version = forecaster.card().version();
            return forecasts.stream()
                    .<Opinion>map(forecast -> new Opinion.Given(version, forecast, false, false))
                    .toList();
        }

        BacktestRun done(Map<Symbol, Map<Long, Double>> course) {
            Map<Symbol, List<Outcome>> outcomes = new TreeMap<>();
            lanes.forEach((symbol, lane) -> outcomes.put(symbol, lane.outcomes()));
            return new BacktestRun(
                    history.from(), start, history.to(), outcomes, course, speaker.account(), scoreNanos, scoredRows);
        }
    }
}
