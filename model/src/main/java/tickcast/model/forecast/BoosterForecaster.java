package tickcast.model.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tickcast.model.feature.FeatureVector;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.TrainedModel;

/**
 * Scores vectors with a trained ensemble. The move is expected at scale · σ√horizon, and of it the share shrink · z as the
 * log return: where little will happen, little is said.
 *
 * <p>A vector is out of range when more than a tenth of the features used lie far outside what training saw (beyond the
 * 0.1 and 99.9 % quantiles by more than their whole distance), or when more than half of them are missing.
 */
public final class BoosterForecaster implements Forecaster {

    private static final double MOST_OUTSIDE = 0.1;
    private static final double MOST_MISSING = 0.5;
    private static final double LEAST_PROBABILITY = 0.01;

    private final ModelCard card;
    private final Ensemble ensemble;
    private final EnsembleSpec spec;
    private volatile boolean closed;

    private BoosterForecaster(ModelCard card, Ensemble ensemble) {
        this.card = card;
        this.ensemble = ensemble;
        this.spec = ensemble.spec();
    }

    /**
     * Loads a model, without native code.
     *
     * @throws IOException when a file is absent, damaged, contradicts the card or scores unlike XGBoost did
     */
    public static BoosterForecaster load(TrainedModel model) throws IOException {
        Ensemble ensemble;
        try {
            ensemble = Ensemble.load(model.files());
        } catch (IllegalArgumentException contradiction) {
            throw new IOException("the model contradicts itself: " + contradiction.getMessage(), contradiction);
        }
        EnsembleSpec spec = ensemble.spec();
        ModelCard card = model.card();
        if (!spec.schemaHash().equals(card.schemaHash())
                || !spec.features().equals(card.features())
                || spec.horizonMinutes() != card.horizonMinutes()) {
            throw new IOException("the card does not describe the model: schema " + card.schemaHash() + " and "
                    + spec.schemaHash() + ", horizon " + card.horizonMinutes() + " and " + spec.horizonMinutes());
        }
        return new BoosterForecaster(card, ensemble);
    }

    @Override
    public ModelCard card() {
        return card;
    }

    @Override
    public List<Forecast> score(List<FeatureVector> vectors) {
        requireOpen();
        int used = spec.features().size();
        float[] rows = new float[vectors.size() * used];
        for (int i = 0; i < vectors.size(); i++) {
            fill(vectors.get(i), rows, i * used);
        }
        double[] z = ensemble.score(rows, vectors.size());
        double[] scale = ensemble.scale(rows, vectors.size());
        List<Forecast> forecasts = new ArrayList<>(z.length);
        for (int i = 0; i < z.length; i++) {
            forecasts.add(new Forecast(
                    spec.shrink() * z[i] * move(vectors.get(i), scale[i]),
                    probabilityUp(z[i], spec.upSlope()),
                    isOutOfRange(rows, i * used),
                    scale[i],
                    tails(vectors.get(i))));
        }
        return forecasts;
    }

    /** The log return over the horizon that is worth one z: the move that is expected. */
    private double move(FeatureVector vector, double scale) {
        return scale * vector.volatility() * Math.sqrt(spec.horizonMinutes());
    }

    @Override
    public Optional<Explanation> explain(FeatureVector vector) {
        requireOpen();
        float[] row = new float[spec.features().size()];
        fill(vector, row, 0);
        double[] z = ensemble.contributions(row);
        double move = move(vector, ensemble.scale(row, 1)[0]);
        List<Explanation.Contribution> contributions = new ArrayList<>(z.length);
        for (int j = 0; j < z.length; j++) {
            double logReturn = spec.shrink() * z[j] * move;
            if (logReturn != 0) {
                contributions.add(new Explanation.Contribution(
                        spec.features().get(j), vector.values()[spec.indices()[j]], logReturn));
            }
        }
        contributions.sort(Comparator.comparingDouble(each -> -Math.abs(each.logReturn())));
        return Optional.of(new Explanation(spec.shrink() * ensemble.mean() * move, move, contributions));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("model " + card.version() + " is closed");
        }
    }

    private Tails tails(FeatureVector vector) {
        return spec.scale() == null
                ? Tails.USUAL
                : spec.scale().tails(vector.symbol().name());
    }

    private void fill(FeatureVector vector, float[] rows, int offset) {
        if (!vector.schemaHash().equals(spec.schemaHash())) {
            throw new IllegalArgumentException("the vector of " + vector.symbol() + " has schema " + vector.schemaHash()
                    + ", model " + card.version() + " takes " + spec.schemaHash());
        }
        double[] values = vector.values();
        if (values.length != spec.schemaSize()) {
            throw new IllegalArgumentException("the vector of " + vector.symbol() + " has " + values.length
                    + " features, its schema " + spec.schemaHash() + " has " + spec.schemaSize());
        }
        int[] indices = spec.indices();
        for (int j = 0; j < indices.length; j++) {
            rows[offset + j] = (float) values[indices[j]];
        }
    }

    private boolean isOutOfRange(float[] rows, int offset) {
        int used = spec.features().size();
        int outside = 0;
        int missing = 0;
        for (int j = 0; j < used; j++) {
            float value = rows[offset + j];
            if (Float.isNaN(value)) {
                missing++;
            } else if (value < spec.low()[j] || value > spec.high()[j]) {
                outside++;
            }
        }
        return outside > MOST_OUTSIDE * used || missing > MOST_MISSING * used;
    }

    /** Logistic in the members' mean; never surer than 1 in 100. */
    static double probabilityUp(double z, double slope) {
        double probability = 1 / (1 + StrictMath.exp(-slope * z));
        return Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, probability));
    }

    @Override
    public void close() {
        closed = true;
    }
}
