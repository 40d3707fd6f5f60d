package tickcast.model.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.market.Symbol;

/**
 * Predicts every minute of a history with one model, or with none, along the path that {@link Backtest} takes: features,
 * panel, intervals that learn from matured predictions, the same {@link PredictionComposer}. Blocking.
 */
public final class HistoryScoring {

    private static final int BATCH = 4096;

    private final PredictionComposer composer;
    private final Function<List<FeatureVector>, List<Opinion>> opinions;

    private HistoryScoring(PredictionComposer composer, Function<List<FeatureVector>, List<Opinion>> opinions) {
        this.composer = composer;
        this.opinions = opinions;
    }

    /** The model speaks wherever the market's state allows it, however old it is. @param model stays open */
    public static HistoryScoring with(PredictionComposer composer, Forecaster model) {
        if (model.card().horizonMinutes() != composer.horizonMinutes()) {
            throw new IllegalArgumentException("model " + model.card().version() + " looks "
                    + model.card().horizonMinutes() + " minutes ahead, not " + composer.horizonMinutes());
        }
        String version = model.card().version();
        return new HistoryScoring(
                composer,
                vectors -> model.score(vectors).stream()
                        .<Opinion>map(forecast -> new Opinion.Given(version, forecast, false, false))
                        .toList());
    }

    /** No model speaks: naive forecasts with their intervals. */
    public static HistoryScoring naive(PredictionComposer composer) {
        return new HistoryScoring(
                composer,
                vectors -> vectors.stream().map(vector -> Opinion.none()).toList());
    }

    /** @param published hears every prediction, in order of as-of and symbol @throws NotEnoughHistory when there is no candle */
    public void run(MarketHistory history, Progress progress, Consumer<Prediction> published) {
        Run run = new Run(history, published);
        new MarketWalk(history).run(run, (phase, share) -> progress.at("scoring", share));
        run.speak();
    }

    /** One walk. The model is asked for some minutes at once, which is cheaper; a row's forecast depends on that row alone. */
    private final class Run implements MarketWalk.Visitor {

        private final Consumer<Prediction> published;
        private final Map<Symbol, BacktestLane> lanes = new TreeMap<>();
        private final List<MarketWalk.Step> waiting = new ArrayList<>();

        Run(MarketHistory history, Consumer<Prediction> published) {
            this.published = published;
            history.candles()
                    .keySet()
                    .forEach(symbol ->
                            lanes.put(symbol, new BacktestLane(composer.horizonMinutes(), composer.coverages())));
        }

        @Override
        public void visit(Instant asOf, List<MarketWalk.Step> steps) {
            waiting.addAll(steps);
            if (waiting.size() >= BATCH) {
                speak();
            }
        }

        void speak() {
            List<Opinion> said =
                    opinions.apply(waiting.stream().map(MarketWalk.Step::vector).toList());
            for (int i = 0; i < waiting.size(); i++) {
                published.accept(predict(waiting.get(i), said.get(i)));
            }
            waiting.clear();
        }

        private Prediction predict(MarketWalk.Step step, Opinion opinion) {
            BacktestLane lane = lanes.get(step.candle().symbol());
            lane.close(step.candle(), Instant.MAX);
            Instant madeAt = step.vector().asOf().plus(Backtest.GRACE);
            Prediction prediction =
                    composer.compose(step.vector(), step.eligibility(), opinion, lane.calibration(), madeAt);
            lane.publish(prediction, composer.coverages());
            return prediction;
        }
    }
}
