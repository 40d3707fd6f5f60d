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
 * panel, intervals that learn from matured predictions, the same {@link PredictionComposer}. Blocking; some 20 µs a
 * prediction.
 */
public final class HistoryScoring {

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
        Map<Symbol, BacktestLane> lanes = new TreeMap<>();
        history.candles()
                .keySet()
                .forEach(
                        symbol -> lanes.put(symbol, new BacktestLane(composer.horizonMinutes(), composer.coverages())));
        new MarketWalk(history)
                .run(
                        (asOf, steps) -> score(asOf, steps, lanes).forEach(published),
                        (phase, share) -> progress.at("scoring", share));
    }

    private List<Prediction> score(Instant asOf, List<MarketWalk.Step> steps, Map<Symbol, BacktestLane> lanes) {
        List<Opinion> said =
                opinions.apply(steps.stream().map(MarketWalk.Step::vector).toList());
        List<Prediction> predictions = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            MarketWalk.Step step = steps.get(i);
            BacktestLane lane = lanes.get(step.candle().symbol());
            lane.close(step.candle(), Instant.MAX);
            Prediction prediction = composer.compose(
                    step.vector(), step.eligibility(), said.get(i), lane.calibration(), asOf.plus(Backtest.GRACE));
            lane.publish(prediction, composer.coverages());
            predictions.add(prediction);
        }
        return predictions;
    }
}
