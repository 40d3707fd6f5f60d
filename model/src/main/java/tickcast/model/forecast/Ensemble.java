package tickcast.model.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.registry.EnsembleSpec;

/**
 * The members of a model, loaded: boosters through XGBoost's native library and the ridge regression. Evaluation at
 * training and scoring live both go through here. Thread safe; a row's result does not depend on the other rows of its
 * batch. One call costs about 220 µs per booster, whatever the batch, plus some µs per row.
 */
public final class Ensemble implements AutoCloseable {

    private final EnsembleSpec spec;
    private final List<Booster> boosters;
    /** The one that forecasts how far prices will travel, or none. */
    private final List<Booster> scale;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private Ensemble(EnsembleSpec spec, List<Booster> boosters, List<Booster> scale) {
        this.spec = spec;
        this.boosters = boosters;
        this.scale = scale;
    }

    /**
     * Loads a model's files. The bytes must be trusted (their digest checked): XGBoost reads them in native code.
     *
     * @throws IOException when a file is absent or is not what it should be
     */
    public static Ensemble load(Map<String, byte[]> files) throws IOException {
        EnsembleSpec spec = EnsembleSpec.read(file(files, EnsembleSpec.FILE));
        List<String> names = new ArrayList<>(spec.boosters());
        if (spec.scale() != null) {
            names.add(spec.scale().booster());
        }
        List<Booster> loaded = new ArrayList<>();
        try {
            for (String name : names) {
                loaded.add(loadBooster(name, file(files, name), spec.features().size()));
            }
        } catch (IOException | RuntimeException failed) {
            loaded.forEach(Booster::dispose);
            throw failed;
        }
        int members = spec.boosters().size();
        return new Ensemble(
                spec, List.copyOf(loaded.subList(0, members)), List.copyOf(loaded.subList(members, loaded.size())));
    }

    private static byte[] file(Map<String, byte[]> files, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            throw new IOException("the model has no file " + name);
        }
        return bytes;
    }

    private static Booster loadBooster(String name, byte[] bytes, int features) throws IOException {
        try {
            Booster booster = XGBoost.loadModel(bytes);
            booster.setParam("nthread", 1);
            if (booster.getNumFeature() != features) {
                long found = booster.getNumFeature();
                booster.dispose();
                throw new IOException(name + " takes " + found + " features, the model uses " + features);
            }
            return booster;
        } catch (XGBoostError refused) {
            throw new IOException(name + " is no booster: " + refused.getMessage(), refused);
        }
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
        double[] sum = sum(boosters, rows, count);
        addRidge(rows, sum, spec.features().size());
        int members = boosters.size() + (spec.ridge() == null ? 0 : 1);
        for (int i = 0; i < count; i++) {
            sum[i] /= members;
        }
        return sum;
    }

    /**
     * The realised volatility to come, in units of the volatility expected, not below the least that the model allows; 1
     * when it has no such member.
     *
     * @param rows used features only, row after row, NaN = missing
     * @param count number of rows
     */
    public double[] scale(float[] rows, int count) {
        double[] expected = sum(scale, rows, count);
        int width = spec.features().size();
        for (int i = 0; i < count; i++) {
            expected[i] = scale.isEmpty()
                    ? 1
                    : Math.max(
                            spec.scale().least(),
                            StrictMath.exp(spec.scale().base().apply(rows, i * width) + expected[i]));
        }
        return expected;
    }

    private double[] sum(List<Booster> boosters, float[] rows, int count) {
        double[] sum = new double[count];
        if (count == 0) {
            return sum;
        }
        int width = spec.features().size();
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model is closed");
            }
            for (Booster booster : boosters) {
                float[][] predicted = booster.inplace_predict(rows, count, width, Float.NaN);
                for (int i = 0; i < count; i++) {
                    sum[i] += predicted[i][0];
                }
            }
        } catch (XGBoostError failed) {
            throw new IllegalStateException("XGBoost could not score: " + failed.getMessage(), failed);
        } finally {
            lock.readLock().unlock();
        }
        return sum;
    }

    private void addRidge(float[] rows, double[] sum, int width) {
        if (spec.ridge() == null) {
            return;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += spec.ridge().apply(rows, i * width);
        }
    }

    /** Releases native memory; waits for scoring under way. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                boosters.forEach(Booster::dispose);
                scale.forEach(Booster::dispose);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
