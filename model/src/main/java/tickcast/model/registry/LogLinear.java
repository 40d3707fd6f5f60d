package tickcast.model.registry;

import java.util.ArrayList;
import java.util.List;
import tickcast.model.registry.EnsembleSpec.Ridge;

/**
 * A linear forecast of a logarithm from logarithms: of the realised volatility to come from those of the past, as Corsi's
 * HAR model (2009) does, and from the hour as a cycle with its overtones.
 *
 * @param columns places in a row of used features
 * @param logs for each of them, whether it enters as log(0.1 + |value|) instead of plain
 * @param hourSin place of the sine of the time of day; the cosine follows; −1 when there is none
 * @param ridge for these inputs: the columns, then sine and cosine of each overtone
 */
public record LogLinear(int[] columns, boolean[] logs, int hourSin, Ridge ridge) {

    private static final List<String> MAGNITUDES = List.of(
            "absReturn1",
            "realized5",
            "realized15",
            "realized60",
            "range1",
            "range15",
            "range60",
            "atrRatio",
            "bollingerWidth",
            "panelMove5");
    private static final List<String> PLAIN = List.of(
            "volatilityTrend",
            "volumeShare1",
            "volumeShare5",
            "volumeShare15",
            "jumpiness60",
            "efficiency60",
            "atrLogBps",
            "weekdaySin",
            "weekdayCos");
    private static final int OVERTONES = 6;
    private static final double OFFSET = 0.1;

    public LogLinear {
        int inputs = columns.length + (hourSin < 0 ? 0 : 2 * OVERTONES);
        if (logs.length != columns.length || ridge != null && ridge.weights().length != inputs) {
            throw new IllegalArgumentException(columns.length + " columns, but not as many kinds and weights");
        }
    }

    /** What to fit for rows of these features, weights still missing: those of the known ones that say how wild it is. */
    public static LogLinear of(List<String> features) {
        List<Integer> columns = new ArrayList<>();
        for (int j = 0; j < features.size(); j++) {
            if (MAGNITUDES.contains(features.get(j)) || PLAIN.contains(features.get(j))) {
                columns.add(j);
            }
        }
        boolean[] logs = new boolean[columns.size()];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = MAGNITUDES.contains(features.get(columns.get(i)));
        }
        int sine = features.indexOf("hourSin");
        boolean isPair = sine >= 0 && features.indexOf("hourCos") == sine + 1;
        return new LogLinear(columns.stream().mapToInt(Integer::intValue).toArray(), logs, isPair ? sine : -1, null);
    }

    public LogLinear withRidge(Ridge fitted) {
        return new LogLinear(columns, logs, hourSin, fitted);
    }

    /** Number of inputs. */
    public int width() {
        return columns.length + (hourSin < 0 ? 0 : 2 * OVERTONES);
    }

    /** Writes the inputs of the row of used features that begins at {@code offset}; missing ones are NaN. */
    public void derive(float[] row, int offset, float[] inputs, int at) {
        for (int i = 0; i < columns.length; i++) {
            float value = row[offset + columns[i]];
            inputs[at + i] = logs[i] ? (float) StrictMath.log(OFFSET + Math.abs(value)) : value;
        }
        if (hourSin >= 0) {
            deriveOvertones(row[offset + hourSin], row[offset + hourSin + 1], inputs, at + columns.length);
        }
    }

    /** sin and cos of 1, 2, 3 … times the angle, by the addition theorems. */
    private static void deriveOvertones(double sine, double cosine, float[] inputs, int at) {
        double s = sine;
        double c = cosine;
        for (int k = 0; k < OVERTONES; k++) {
            inputs[at + 2 * k] = (float) s;
            inputs[at + 2 * k + 1] = (float) c;
            double next = s * cosine + c * sine;
            c = c * cosine - s * sine;
            s = next;
        }
    }

    /** The logarithm expected for the row of used features that begins at {@code offset}. */
    public double apply(float[] row, int offset) {
        float[] inputs = new float[width()];
        derive(row, offset, inputs, 0);
        return ridge.apply(inputs, 0);
    }
}
