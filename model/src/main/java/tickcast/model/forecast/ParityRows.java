package tickcast.model.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows of the training set and what XGBoost itself forecast for them: the file {@code parity.json} of a model. Whoever
 * loads a booster proves with it that he scores like XGBoost, bit for bit, without having XGBoost at hand.
 *
 * @param rows used features only, NaN = missing; at most {@link #MOST}
 * @param forecasts of each booster by its file name, one a row
 */
public record ParityRows(float[][] rows, Map<String, float[]> forecasts) {

    /** Name of the file that holds it. */
    public static final String FILE = "parity.json";

    /** So many rows are kept. */
    public static final int MOST = 256;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    public ParityRows {
        forecasts = new TreeMap<>(forecasts);
        if (rows.length < 1 || rows.length > MOST) {
            throw new IllegalArgumentException("between 1 and " + MOST + " rows are kept, not " + rows.length);
        }
        for (float[] row : rows) {
            if (row.length != rows[0].length) {
                throw new IllegalArgumentException("rows of " + rows[0].length + " and " + row.length + " features");
            }
        }
        for (float[] each : forecasts.values()) {
            if (each.length != rows.length) {
                throw new IllegalArgumentException(each.length + " forecasts for " + rows.length + " rows");
            }
        }
    }

    /** Holds a booster's forest against what XGBoost said. @throws IOException when they differ in a bit */
    void verify(String booster, Forest forest) throws IOException {
        float[] expected = forecasts.get(booster);
        if (expected == null) {
            throw new IOException("no stored forecasts of " + booster);
        }
        if (rows[0].length != forest.features()) {
            throw new IOException(
                    "stored rows have " + rows[0].length + " features, " + booster + " takes " + forest.features());
        }
        SplitKeys keys = new SplitKeys(forest.features());
        for (int i = 0; i < rows.length; i++) {
            float found = forest.score(keys.fill(rows[i], 0));
            if (Float.floatToIntBits(found) != Float.floatToIntBits(expected[i])) {
                throw new IOException(booster + " does not score like XGBoost: stored row " + i + " gives " + found
                        + ", gave " + expected[i]);
            }
        }
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("stored rows can always be written", bug);
        }
    }

    /** @throws IOException when the bytes are no stored rows */
    public static ParityRows read(byte[] json) throws IOException {
        return JSON.readValue(json, ParityRows.class);
    }
}
