package tickcast.model.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.forecast.Tails;

/**
 * What a forecast needs besides the boosters: the file {@code ensemble.json} of a model. All forecasts are in units of z,
 * the log return over the horizon divided by σ√horizon.
 *
 * @param schemaHash of the vectors it takes
 * @param features names of the features used
 * @param indices where they stand in a vector of that schema
 * @param schemaSize features of the schema
 * @param horizonMinutes of its forecasts
 * @param boosters file names of the boosters, each of which is a member
 * @param ridge the linear member, or null when there is none
 * @param shrink what the mean of the members is multiplied with, besides the scale
 * @param upSlope probabilityUp = 1 / (1 + exp(−upSlope · mean of the members))
 * @param low below it a value of the feature used lies far outside the training range
 * @param high above it likewise
 * @param scale what tells how far prices will move, or null when nothing does
 */
public record EnsembleSpec(
        String schemaHash,
        List<String> features,
        int[] indices,
        int schemaSize,
        int horizonMinutes,
        List<String> boosters,
        Ridge ridge,
        double shrink,
        double upSlope,
        float[] low,
        float[] high,
        Scale scale) {

    /** Name of the file that holds it. */
    public static final String FILE = "ensemble.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    public EnsembleSpec {
        int used = features.size();
        if (indices.length != used || low.length != used || high.length != used) {
            throw new IllegalArgumentException(used + " features, but " + indices.length + " indices and " + low.length
                    + "/" + high.length + " ranges");
        }
        for (int index : indices) {
            if (index < 0 || index >= schemaSize) {
                throw new IllegalArgumentException("feature index " + index + " outside a schema of " + schemaSize);
            }
        }
        if (ridge != null
                && (ridge.mean().length != used || ridge.scale().length != used || ridge.weights().length != used)) {
            throw new IllegalArgumentException("the ridge member has not " + used + " weights");
        }
        if (boosters.isEmpty() && ridge == null) {
            throw new IllegalArgumentException("an ensemble needs a member");
        }
        if (horizonMinutes < 1 || !Double.isFinite(shrink) || !Double.isFinite(upSlope)) {
            throw new IllegalArgumentException("horizon, shrink and slope must be numbers of their kind");
        }
    }

    /**
     * The member that forecasts how far prices will travel, and what intervals that takes. Its scale, e^(base + booster),
     * is the realised volatility to come, in units of the volatility that the vector expects.
     *
     * @param base what a linear model expects
     * @param booster file name of the booster that forecasts the rest
     * @param least smaller scales count as this one
     * @param pooled half widths of all symbols together, in units of scale · σ√horizon: what held on held-out days
     * @param bySymbol the same by symbol name, for those that training knew
     */
    public record Scale(LogLinear base, String booster, double least, Tails pooled, Map<String, Tails> bySymbol) {

        public Scale {
            if (base == null || base.ridge() == null || booster.isEmpty() || !(least > 0) || !Double.isFinite(least)) {
                throw new IllegalArgumentException("a scale needs a base, a booster and a positive least value");
            }
            bySymbol = Collections.unmodifiableSortedMap(new TreeMap<>(bySymbol));
        }

        /** The half widths of a symbol. */
        public Tails tails(String symbol) {
            return bySymbol.getOrDefault(symbol, pooled);
        }
    }

    /**
     * A linear forecast of z from standardised features; a missing one counts as average.
     *
     * @param mean of each feature in training
     * @param scale standard deviation of each feature in training; 0 = constant, not used
     * @param weights per standard deviation
     * @param intercept mean of the target
     */
    public record Ridge(double[] mean, double[] scale, double[] weights, double intercept) {

        /** Standardised features are clipped here: one wild value must not carry a forecast away. */
        public static final double CLIP = 5;

        /** The standardised value of feature {@code j}. */
        public double standardise(int j, float value) {
            if (Float.isNaN(value) || scale[j] == 0) {
                return 0;
            }
            return Math.max(-CLIP, Math.min(CLIP, (value - mean[j]) / scale[j]));
        }

        /** Forecast for the used features that begin at {@code offset}. */
        public double apply(float[] row, int offset) {
            double sum = intercept;
            for (int j = 0; j < weights.length; j++) {
                sum += weights[j] * standardise(j, row[offset + j]);
            }
            return sum;
        }
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("an ensemble's description can always be written", bug);
        }
    }

    /** @throws IOException when the bytes describe no ensemble */
    public static EnsembleSpec read(byte[] json) throws IOException {
        return JSON.readValue(json, EnsembleSpec.class);
    }
}
