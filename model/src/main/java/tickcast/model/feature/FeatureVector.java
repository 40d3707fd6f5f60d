package tickcast.model.feature;

import java.time.Instant;
import tickcast.model.market.Symbol;

/**
 * What was known about one symbol at one as-of, ready to be scored.
 *
 * @param symbol the pair
 * @param asOf close time of the last candle that entered
 * @param knownAt when the vector was complete
 * @param schemaHash hash of the {@link FeatureSchema} that orders {@code values}
 * @param values one per feature of the schema, NaN = not known; owned by the vector, never changed
 * @param lastPrice close of the last candle, quote asset
 * @param volatility standard deviation of one-minute log returns expected next; 0 in a dead market
 * @param missing symbols of the panel that had not arrived when this vector was joined, comma separated, or empty
 */
public record FeatureVector(
        Symbol symbol,
        Instant asOf,
        Instant knownAt,
        String schemaHash,
        double[] values,
        double lastPrice,
        double volatility,
        String missing) {}
