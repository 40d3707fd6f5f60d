package tickcast.model.training;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tickcast.model.evaluation.Duel;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Forecaster;

/**
 * Scores two models again on the same rows, as each would have spoken: where a model finds the features far outside its
 * training range it says what naive says. About 10 µs a row and model.
 */
public final class Replay {

    private static final int BATCH = 512;

    private Replay() {}

    /**
     * @param rows served vectors where there were any, else recomputed
     * @param from rows with an earlier as-of stay out: give a time after which neither model learned anything
     * @throws IllegalArgumentException when a model was made for other features
     */
    public static Duel of(TrainingSet rows, Instant from, Forecaster model, Forecaster rival) {
        TrainingSet unseen = rows.since(from);
        Duel.Tally tally = new Duel.Tally(unseen.horizonMinutes());
        for (int first = 0; first < unseen.rows(); first += BATCH) {
            List<FeatureVector> batch = vectors(unseen, first, Math.min(first + BATCH, unseen.rows()));
            List<Forecaster.Forecast> own = model.score(batch);
            List<Forecaster.Forecast> others = rival.score(batch);
            for (int i = 0; i < batch.size(); i++) {
                int row = first + i;
                double unit = unseen.volatility(row) * Math.sqrt(unseen.horizonMinutes());
                tally.add(
                        unseen.epochMinute(row),
                        Math.abs(unseen.label(row) - said(own.get(i))) / unit,
                        Math.abs(unseen.label(row) - said(others.get(i))) / unit);
            }
        }
        return tally.duel();
    }

    private static double said(Forecaster.Forecast forecast) {
        double expected = forecast.expectedLogReturn();
        return forecast.outOfRange() || !Double.isFinite(expected) ? 0 : expected;
    }

    private static List<FeatureVector> vectors(TrainingSet rows, int first, int end) {
        List<FeatureVector> vectors = new ArrayList<>(end - first);
        int width = rows.features().size();
        for (int row = first; row < end; row++) {
            double[] values = new double[width];
            for (int j = 0; j < width; j++) {
                values[j] = rows.value(row, j);
            }
            vectors.add(new FeatureVector(
                    rows.symbol(row),
                    rows.asOf(row),
                    rows.asOf(row),
                    rows.schemaHash(),
                    values,
                    rows.lastPrice(row),
                    rows.volatility(row),
                    ""));
        }
        return vectors;
    }
}
