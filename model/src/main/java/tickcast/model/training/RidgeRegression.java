package tickcast.model.training;

import tickcast.model.registry.EnsembleSpec.Ridge;

/** Least squares with a penalty on the squared weights of standardised features. Hoerl and Kennard (1970). */
final class RidgeRegression {

    private RidgeRegression() {}

    /** Takes rows × width, row after row, NaN = missing. Solves (XᵀX + λI)w = Xᵀ(y − ȳ) with λ = share · rows. Cost: rows · features² / 2. */
    static Ridge fit(float[] matrix, int width, float[] target, double share) {
        Ridge scales = scales(matrix, width, mean(target));
        double[][] gram = new double[width][width];
        double[] moment = new double[width];
        accumulate(matrix, width, target, scales, gram, moment);
        for (int j = 0; j < width; j++) {
            gram[j][j] += share * target.length;
        }
        return new Ridge(scales.mean(), scales.scale(), solve(gram, moment), scales.intercept());
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }

    /** Walks along the rows, as they lie in memory; each column's sum is taken in the order of the rows. */
    private static Ridge scales(float[] matrix, int width, double intercept) {
        int[] count = new int[width];
        double[] mean = new double[width];
        double[] scale = new double[width];
        for (int k = 0, j = 0; k < matrix.length; k++, j = j + 1 == width ? 0 : j + 1) {
            if (!Float.isNaN(matrix[k])) {
                mean[j] += matrix[k];
                count[j]++;
            }
        }
        for (int j = 0; j < width; j++) {
            mean[j] = count[j] == 0 ? 0 : mean[j] / count[j];
        }
        for (int k = 0, j = 0; k < matrix.length; k++, j = j + 1 == width ? 0 : j + 1) {
            if (!Float.isNaN(matrix[k])) {
                scale[j] += (matrix[k] - mean[j]) * (matrix[k] - mean[j]);
            }
        }
        for (int j = 0; j < width; j++) {
            double deviation = count[j] == 0 ? 0 : Math.sqrt(scale[j] / count[j]);
            scale[j] = Double.isFinite(deviation) && deviation > 1e-12 * Math.abs(mean[j]) ? deviation : 0;
        }
        return new Ridge(mean, scale, new double[width], intercept);
    }

    private static void accumulate(
            float[] matrix, int width, float[] target, Ridge scales, double[][] gram, double[] moment) {
        double[] row = new double[width];
        for (int i = 0; i < target.length; i++) {
            for (int j = 0; j < width; j++) {
                row[j] = scales.standardise(j, matrix[i * width + j]);
            }
            double residual = target[i] - scales.intercept();
            for (int j = 0; j < width; j++) {
                double value = row[j];
                double[] line = gram[j];
                moment[j] += value * residual;
                for (int k = 0; k <= j; k++) {
                    line[k] += value * row[k];
                }
            }
        }
    }

    /** Cholesky; {@code gram} holds the lower triangle of a positive definite matrix and is overwritten. */
    private static double[] solve(double[][] gram, double[] moment) {
        int width = moment.length;
        for (int j = 0; j < width; j++) {
            for (int k = 0; k <= j; k++) {
                double sum = gram[j][k];
                for (int m = 0; m < k; m++) {
                    sum -= gram[j][m] * gram[k][m];
                }
                gram[j][k] = j == k ? Math.sqrt(sum) : sum / gram[k][k];
            }
        }
        double[] solution = moment.clone();
        for (int j = 0; j < width; j++) {
            for (int m = 0; m < j; m++) {
                solution[j] -= gram[j][m] * solution[m];
            }
            solution[j] /= gram[j][j];
        }
        for (int j = width - 1; j >= 0; j--) {
            for (int m = j + 1; m < width; m++) {
                solution[j] -= gram[m][j] * solution[m];
            }
            solution[j] /= gram[j][j];
        }
        return solution;
    }
}
