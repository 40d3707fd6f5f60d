package tickcast.model.forecast;

import java.util.List;
import java.util.Optional;
import tickcast.model.feature.FeatureVector;
import tickcast.model.registry.ModelCard;

/** A loaded model. Thread safe for scoring, until {@link #close}. */
public interface Forecaster extends AutoCloseable {

    /** Who it is. */
    ModelCard card();

    /**
     * Scores vectors as one batch, in order.
     *
     * @throws IllegalArgumentException when a vector's schema hash is not the model's
     */
    List<Forecast> score(List<FeatureVector> vectors);

    /**
     * Says why: how much each feature moved the forecast of a vector away from what the model says on average.
     *
     * @return empty when the model can't tell
     * @throws IllegalArgumentException when the vector's schema hash is not the model's
     */
    default Optional<Explanation> explain(FeatureVector vector) {
        return Optional.empty();
    }

    /** Takes no more questions. */
    @Override
    void close();

    /**
     * @param expectedLogReturn over the horizon
     * @param probabilityUp P(price at target &gt; last price), 0–1; a price that stays counts as half up
     * @param outOfRange whether the features lie far outside the training range
     * @param scale how much larger than usual the move will be: it is expected at volatility · scale · √horizon
     * @param tails half widths of intervals, in units of that move
     */
    record Forecast(double expectedLogReturn, double probabilityUp, boolean outOfRange, double scale, Tails tails) {

        /** A forecast that says nothing about its own uncertainty: moves as usual. */
        public Forecast(double expectedLogReturn, double probabilityUp, boolean outOfRange) {
            this(expectedLogReturn, probabilityUp, outOfRange, 1, Tails.USUAL);
        }
    }
}
