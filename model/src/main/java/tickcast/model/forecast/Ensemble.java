package tickcast.model.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tickcast.model.registry.EnsembleSpec;
import tickcast.model.registry.EnsembleSpec.Ridge;

/**
 * The members of a model, loaded: its boosters as {@link Forest}s and the ridge regression. Evaluation at training and
 * scoring live both go through here. Immutable, any thread; a row's result does not depend on the other rows of its
 * batch. One µs a row with the default recipe.
 */
public final class Ensemble {

    private final EnsembleSpec spec;
    private final List<Forest> forests;
    /** The one that forecasts how far prices will travel, or none. */
    private final List<Forest> scale;

    private Ensemble(EnsembleSpec spec, List<Forest> forests, List<Forest> scale) {
        this.spec = spec;
        this.forests = forests;
        this.scale = scale;
    }

    /**
     * Loads a model's files and compares each booster with what XGBoost said of the stored rows. The bytes need not be
     * trusted.
     *
     * @throws IOException when a file is absent, is not what it should be, or scores unlike XGBoost
     */
    public static Ensemble load(Map<String, byte[]> files) throws IOException {
        EnsembleSpec spec = EnsembleSpec.read(file(files, EnsembleSpec.FILE));
        List<String> scale =
                spec.scale() == null ? List.of() : List.of(spec.scale().booster());
        return new Ensemble(spec, forests(spec.boosters(), spec, files), forests(scale, spec, files));
    }

    private static List<Forest> forests(List<String> names, EnsembleSpec spec, Map<String, byte[]> files)
            throws IOException {
        if (names.isEmpty()) {
            return List.of();
        }
        ParityRows parity = ParityRows.read(file(files, ParityRows.FILE));
        List<Forest> forests = new ArrayList<>();
        for (String name : names) {
            forests.add(forest(name, file(files, name), spec.features().size(), parity));
        }
        return List.copyOf(forests);
    }

    private static byte[] file(Map<String, byte[]> files, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new IOException("the model has no file " + name);
        }
        return bytes;
    }

    private static Forest forest(String name, byte[] bytes, int features, ParityRows parity) throws IOException {
        Forest forest;
        try {
            forest = Forest.read(bytes);
        } catch (ForestRejected damaged) {
            throw new IOException(name + " is " + damaged.getMessage(), damaged);
        }
        if (forest.features() != features) {
            throw new IOException(name + " takes " + forest.features() + " features, the model uses " + features);
        }
        parity.verify(name, forest);
        return forest;
    }

    public EnsembleSpec spec() {
        return spec;
    }

    /**
     * The mean of the members' forecasts, in units of z, not shrunk.
     *
     * @param rows used features only, row after row, NaN = missing
     * @param count number of rows
     */
    public double[] score(float[] rows, int count) {
        double[] scores = new double[count];
        int width = spec.features().size();
        SplitKeys keys = new SplitKeys(width);
        for (int i = 0; i < count; i++) {
            scores[i] = score(rows, i * width, keys);
        }
        return scores;
    }

    private double score(float[] rows, int offset, SplitKeys keys) {
        double sum = 0;
        if (!forests.isEmpty()) {
            keys.fill(rows, offset);
        }
        for (int b = 0; b < forests.size(); b++) {
            sum += forests.get(b).score(keys);
        }
        if (spec.ridge() != null) {
            sum += spec.ridge().apply(rows, offset);
        }
        return sum / members();
    }

    /**
     * The realised volatility to come, in units of the volatility expected, not below the least that the model allows; 1
     * when it has no such member.
     *
     * @param rows used features only, row after row, NaN = missing
     * @param count number of rows
     */
    public double[] scale(float[] rows, int count) {
        double[] expected = new double[count];
        if (scale.isEmpty()) {
            Arrays.fill(expected, 1);
            return expected;
        }
        int width = spec.features().size();
        SplitKeys keys = new SplitKeys(width);
        for (int i = 0; i < count; i++) {
            expected[i] = scale(rows, i * width, keys);
        }
        return expected;
    }

    private double scale(float[] rows, int offset, SplitKeys keys) {
        double logarithm = spec.scale().base().apply(rows, offset);
        keys.fill(rows, offset);
        for (Forest forest : scale) {
            logarithm += forest.score(keys);
        }
        return Math.max(spec.scale().least(), StrictMath.exp(logarithm));
    }

    private int members() {
        return forests.size() + (spec.ridge() == null ? 0 : 1);
    }

    /**
     * How much each feature used moved a row's score away from what the members say on average: Shapley values of the
     * trees, weight times standardised value for the ridge regression. In units of z, not shrunk.
     *
     * @param row used features only, NaN = missing
     */
    public double[] contributions(float[] row) {
        double[] sum = new double[spec.features().size()];
        SplitKeys keys = new SplitKeys(sum.length).fill(row, 0);
        for (Forest forest : forests) {
            double[] each = forest.contributions(keys);
            for (int j = 0; j < sum.length; j++) {
                sum[j] += each[j];
            }
        }
        Ridge ridge = spec.ridge();
        for (int j = 0; j < sum.length; j++) {
            if (ridge != null) {
                sum[j] += ridge.weights()[j] * ridge.standardise(j, row[j]);
            }
            sum[j] /= members();
        }
        return sum;
    }

    /** What the members say on average over the training rows, from which {@link #contributions} start. */
    public double mean() {
        double sum = spec.ridge() == null ? 0 : spec.ridge().intercept();
        for (Forest forest : forests) {
            sum += forest.mean();
        }
        return sum / members();
    }
}
