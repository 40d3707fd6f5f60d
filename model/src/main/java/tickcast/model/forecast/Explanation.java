package tickcast.model.forecast;

import java.util.List;

/**
 * Why a forecast is what it is. {@link #base} and the contributions add up to the expected log return, shrinkage and scale
 * included; calibration comes later and touches intervals and probability only. The contributions are exact: Shapley values
 * of the trees, weight times standardised value of the linear member.
 *
 * @param base log return over the horizon that the model would have expected of a row it knows nothing about
 * @param move log return that the model thinks this market is good for over the horizon: the scale of its forecast,
 *     scale · σ√horizon; 0 in a dead market
 * @param contributions the greatest first, by size whatever the sign; features that moved nothing are left out
 */
public record Explanation(double base, double move, List<Contribution> contributions) {

    /**
     * @param feature its name in the schema
     * @param value as it was scored, NaN = not known
     * @param logReturn what it added to the expected log return over the horizon
     */
    public record Contribution(String feature, double value, double logReturn) {}

    public Explanation {
        contributions = List.copyOf(contributions);
    }

    /** What the contributions from that one on add up to, log return. */
    public double sumFrom(int first) {
        double sum = 0;
        for (int i = first; i < contributions.size(); i++) {
            sum += contributions.get(i).logReturn();
        }
        return sum;
    }

    /** Base and contributions: the log return that was expected, but for the order in which doubles are added up. */
    public double expectedLogReturn() {
        return base + sumFrom(0);
    }
}
