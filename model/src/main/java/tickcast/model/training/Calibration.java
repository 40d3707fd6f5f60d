package tickcast.model.training;

import java.util.Map;
import tickcast.model.forecast.Tails;
import tickcast.model.registry.EnsembleSpec.Scale;
import tickcast.model.registry.LogLinear;

/**
 * How sure a model may be, as rows that it did not learn from tell.
 *
 * @param upSlope steepness of the probability of a rise
 * @param pooled half widths of intervals in expected moves, all symbols together
 * @param bySymbol the same by symbol name
 */
record Calibration(double upSlope, Tails pooled, Map<String, Tails> bySymbol) {

    /** Forecasts below this are not believed. */
    static final double LEAST_SCALE = 0.15;

    /** Before anything was held out. */
    static final Calibration UNKNOWN = new Calibration(1, Tails.USUAL, Map.of());

    /** @param base fitted */
    Scale scale(LogLinear base) {
        return new Scale(base, Member.SCALE.file(), LEAST_SCALE, pooled, bySymbol);
    }
}
