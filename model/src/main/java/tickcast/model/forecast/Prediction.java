package tickcast.model.forecast;

import java.time.Instant;
import java.util.List;
import tickcast.model.market.Symbol;

/**
 * What was said about one symbol at one as-of.
 *
 * @param symbol the pair
 * @param source {@code kraken}, {@code replay} or {@code simulated}
 * @param asOf close time of the last candle known
 * @param madeAt when it was made, on the market's clock
 * @param targetTime as-of + horizon
 * @param lastPrice close of the last candle
 * @param predictedPrice price expected at the target time; NaN when abstained
 * @param expectedReturn simple return expected; NaN when abstained
 * @param intervals by rising coverage; empty when abstained
 * @param probabilityUp P(price at target &gt; last price); NaN when abstained
 * @param modelVersion the registry's version number, or {@code naive}
 * @param schemaHash of the features used
 * @param status who made the figures
 * @param reason why it is not live; null exactly when {@code status} is LIVE
 * @param published false for challengers that are only scored in the shadow
 * @param volatility one-minute volatility that the intervals were scaled with; NaN when not known
 * @param calibration state of the symbol's interval calibrator at as-of, from which a restart goes on
 */
public record Prediction(
        Symbol symbol,
        String source,
        Instant asOf,
        Instant madeAt,
        Instant targetTime,
        double lastPrice,
        double predictedPrice,
        double expectedReturn,
        List<Interval> intervals,
        double probabilityUp,
        String modelVersion,
        String schemaHash,
        Status status,
        Reason reason,
        boolean published,
        double volatility,
        double[] calibration) {

    /** Model version of every prediction that no model made. */
    public static final String NAIVE = "naive";

    /** {@code BTC/USD|2026-01-05T12:05:00.000Z|17}: symbol, target time, model version. */
    public String id() {
        return symbol.name() + "|" + tickcast.model.market.Times.iso(targetTime) + "|" + modelVersion;
    }

    /** The same, published or in the shadow. */
    public Prediction withPublished(boolean now) {
        if (now == published) {
            return this;
        }
        return new Prediction(
                symbol,
                source,
                asOf,
                madeAt,
                targetTime,
                lastPrice,
                predictedPrice,
                expectedReturn,
                intervals,
                probabilityUp,
                modelVersion,
                schemaHash,
                status,
                reason,
                now,
                volatility,
                calibration);
    }

    /** Whether it says anything that can be compared with the price later. */
    public boolean hasFigures() {
        return status != Status.ABSTAINED;
    }
}
