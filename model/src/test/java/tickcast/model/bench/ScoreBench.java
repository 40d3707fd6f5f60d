package tickcast.model.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tickcast.model.forecast.Forest;
import tickcast.model.forecast.GrownBooster;
import tickcast.model.forecast.SplitKeys;

/**
 * What one row costs: {@link Forest} with making the row ready, a plain walk over float arrays with eight trees
 * interleaved, and XGBoost through JNI. The three take turns within one run; medians of CPU time over rounds. Figures: at
 * most 1.5 × the plain walk, at least 30 × faster than JNI, 0 bytes a row.
 */
public final class ScoreBench {

    private static final int FEATURES = 80;
    private static final int ROWS = 1024;
    private static final int ROUNDS = 31;
    private static final int WARM_UP = 15;
    private static final int JAVA_CALLS = 8 * ROWS;
    private static final int JNI_CALLS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static double sink;

    private final GrownBooster grown;
    private final Forest forest;
    private final PlainWalk plain;
    private final float[] rows;
    private final SplitKeys keys = new SplitKeys(FEATURES);

    private ScoreBench(int depth, int trees) throws IOException {
        grown = GrownBooster.of("reg:pseudohubererror", depth, trees, FEATURES, 1);
        forest = Forest.read(grown.ubj());
        plain = PlainWalk.read(grown.json());
        rows = GrownBooster.rows(ROWS, FEATURES, 2);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Float.isNaN(rows[i]) ? 0 : rows[i]; // the plain walk knows no missing values
        }
    }

    /**
     * Medians.
     *
     * @param forestNanos a row
     * @param plainNanos a row
     * @param jniNanos a row
     * @param bytes allocated by the forest a row
     */
    record Figures(double forestNanos, double plainNanos, double jniNanos, double bytes) {}

    public static void main(String[] args) throws IOException, XGBoostError {
        measure(6, 300);
        measure(3, 100);
        System.out.println("(" + sink + ")");
    }

    /** Prints all figures and returns them. */
    static Figures measure(int depth, int trees) throws IOException, XGBoostError {
        Figures figures = new ScoreBench(depth, trees).figures();
        System.out.printf("%d trees of depth %d, %d features%n", trees, depth, FEATURES);
        System.out.printf("  forest, ns a row                 %9.0f%n", figures.forestNanos);
        System.out.printf("  plain interleaved walk, ns a row %9.0f%n", figures.plainNanos);
        System.out.printf("  JNI inplace_predict, ns a row    %9.0f%n", figures.jniNanos);
        System.out.printf(
                "  forest / plain                   %9.2f   (at most 1.5)%n", figures.forestNanos / figures.plainNanos);
        System.out.printf(
                "  JNI / forest                     %9.1f   (at least 30)%n", figures.jniNanos / figures.forestNanos);
        System.out.printf("  bytes allocated a row            %9.3f   (0)%n", figures.bytes);
        return figures;
    }

    private Figures figures() throws IOException, XGBoostError {
        requireEqual();
        Booster booster = XGBoost.loadModel(grown.ubj());
        booster.setParam("nthread", 1);
        double[][] nanos = new double[3][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double[] each = {
                nanosPerCall(JAVA_CALLS, i -> forest.score(keys.fill(rows, i % ROWS * FEATURES))),
                nanosPerCall(JAVA_CALLS, i -> plain.score(rows, i % ROWS * FEATURES)),
                nanosPerCall(JNI_CALLS, i -> inplace(booster, i % ROWS))
            };
            for (int k = 0; k < each.length && round >= 0; k++) {
                nanos[k][round] = each[k];
            }
        }
        booster.dispose();
        return new Figures(median(nanos[0]), median(nanos[1]), median(nanos[2]), bytesPerRow());
    }

    private void requireEqual() {
        float[] scores = forest.score(rows, ROWS);
        for (int i = 0; i < ROWS; i++) {
            if (scores[i] != plain.score(rows, i * FEATURES)) {
                throw new IllegalStateException("the walks differ in row " + i);
            }
        }
    }

    private double inplace(Booster booster, int row) {
        float[] one = Arrays.copyOfRange(rows, row * FEATURES, (row + 1) * FEATURES);
        try {
            return booster.inplace_predict(one, 1, FEATURES, Float.NaN)[0][0];
        } catch (XGBoostError failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** CPU of this thread, so that neighbours on the machine don't count. */
    private static double nanosPerCall(int calls, IntToDoubleFunction call) {
        long start = THREADS.getCurrentThreadCpuTime();
        double sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += call.applyAsDouble(i);
        }
        sink += sum;
        return (double) (THREADS.getCurrentThreadCpuTime() - start) / calls;
    }

    private double bytesPerRow() {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        long idle = THREADS.getCurrentThreadAllocatedBytes() - before; // what asking itself allocates
        float sum = 0;
        long start = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < JAVA_CALLS; i++) {
            sum += forest.score(keys.fill(rows, i % ROWS * FEATURES));
        }
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - start - idle;
        sink += sum;
        return (double) bytes / JAVA_CALLS;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
