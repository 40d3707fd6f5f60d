package tickcast.model.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForestTest {

    private static final int FEATURES = 20;
    private static final float[] ODD = {
        Float.NaN,
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.intBitsToFloat(0xFFC00001),
        Float.intBitsToFloat(0x7FFFFFFF)
    };

    @ParameterizedTest
    @CsvSource({
        "reg:pseudohubererror, 3, 100, 20000",
        "reg:absoluteerror,    4, 101, 20000",
        "reg:squarederror,     5, 203, 20000",
        "reg:pseudohubererror, 6, 300, 20000",
        "reg:absoluteerror,    6, 255, 20000"
    })
    void shouldScoreLikeXgboostBitForBit(String objective, int depth, int trees, int rows) throws ForestRejected {
        GrownBooster booster = GrownBooster.of(objective, depth, trees, FEATURES, depth);
        Forest forest = Forest.read(booster.ubj());

        assertEquals(trees, forest.trees());
        assertSameBits(booster, forest, GrownBooster.rows(rows, FEATURES, 1000 + trees));
    }

    @Test
    void shouldScoreOddValuesLikeXgboost() throws ForestRejected {
        GrownBooster booster = GrownBooster.of("reg:squarederror", 5, 60, 6, 1);
        SplittableRandom random = new SplittableRandom(2);
        float[] rows = GrownBooster.rows(2000, 6, 3);
        for (int i = 0; i < rows.length; i++) {
            if (random.nextInt(2) == 0) {
                rows[i] = ODD[random.nextInt(ODD.length)];
            }
        }

        assertSameBits(booster, Forest.read(booster.ubj()), rows);
    }

    /** A row that stands exactly on a threshold goes right, one a bit below it left. */
    @Test
    void shouldScoreValuesOnThresholdsLikeXgboost() throws ForestRejected {
        GrownBooster booster = GrownBooster.of("reg:squarederror", 6, 40, 3, 4);
        float[] thresholds = new float[3000];
        int count = 0;
        for (BoosterTree tree : BoosterFile.read(booster.ubj()).trees()) {
            for (int node = 0; node < tree.nodes() && count < thresholds.length; node++) {
                thresholds[count++] = tree.number()[node];
            }
        }
        SplittableRandom random = new SplittableRandom(5);
        float[] rows = new float[9000];
        for (int i = 0; i < rows.length; i++) {
            float threshold = thresholds[random.nextInt(count)];
            rows[i] = random.nextBoolean() ? threshold : Math.nextDown(threshold);
        }

        assertSameBits(booster, Forest.read(booster.ubj()), rows);
    }

    @Test
    void shouldScoreUnevenTreesLikeXgboost() throws ForestRejected {
        GrownBooster lossguide = GrownBooster.of(
                "reg:squarederror", 0, 33, FEATURES, 6, Map.of("grow_policy", "lossguide", "max_leaves", 24));
        GrownBooster pruned = GrownBooster.of("reg:squarederror", 6, 50, FEATURES, 7, Map.of("gamma", 20));
        GrownBooster stumps = GrownBooster.of("reg:absoluteerror", 1, 9, FEATURES, 8, Map.of("gamma", 1e9));
        for (GrownBooster booster : new GrownBooster[] {lossguide, pruned, stumps}) {
            assertSameBits(booster, Forest.read(booster.ubj()), GrownBooster.rows(1000, FEATURES, 9));
        }
    }

    @Test
    void shouldScoreARowAloneAsInABatch() throws ForestRejected {
        Forest forest = Forest.read(
                GrownBooster.of("reg:absoluteerror", 4, 50, FEATURES, 10).ubj());
        float[] rows = GrownBooster.rows(100, FEATURES, 11);
        SplitKeys keys = new SplitKeys(FEATURES);

        float[] batch = forest.score(rows, 100);

        for (int i = 0; i < batch.length; i++) {
            assertEquals(batch[i], forest.score(keys.fill(rows, i * FEATURES)));
        }
        assertThrows(IllegalArgumentException.class, () -> forest.score(new SplitKeys(FEATURES + 1)));
        assertEquals(0, forest.score(new float[0], 0).length);
    }

    @Test
    void shouldExplainLikeXgboost() throws ForestRejected {
        for (int depth = 1; depth <= 6; depth++) {
            GrownBooster booster = GrownBooster.of("reg:pseudohubererror", depth, 40, FEATURES, depth);
            Forest forest = Forest.read(booster.ubj());
            float[] rows = GrownBooster.rows(50, FEATURES, 20 + depth);
            float[][] oracle = booster.contributionOracle(rows);
            SplitKeys keys = new SplitKeys(FEATURES);
            for (int i = 0; i < oracle.length; i++) {
                float score = forest.score(keys.fill(rows, i * FEATURES));
                double[] found = forest.contributions(keys);
                double sum = forest.mean();
                for (int j = 0; j < FEATURES; j++) {
                    assertClose(oracle[i][j], found[j], "feature " + j + " at depth " + depth);
                    sum += found[j];
                }
                assertClose(oracle[i][FEATURES], forest.mean(), "mean at depth " + depth);
                assertClose(score, sum, "sum at depth " + depth);
            }
        }
    }

    /** XGBoost adds up in floats: what is small against the forecast can't be told more exactly. */
    private static void assertClose(double expected, double found, String what) {
        assertEquals(expected, found, 1e-4 * Math.max(0.01, Math.abs(expected)), what);
    }

    @Test
    void shouldRefuseBoostersItCannotScoreExactly() {
        assertRefused(
                GrownBooster.of("reg:quantileerror", 2, 2, 4, 1, Map.of("quantile_alpha", 0.5)), "reg:quantileerror");
        assertRefused(GrownBooster.of("reg:squarederror", 2, 2, 4, 1, Map.of("booster", "dart")), "dart");
        assertRefused(GrownBooster.of("reg:squarederror", 2, 2, 4, 1, Map.of("booster", "gblinear")), "gblinear");
    }

    private static void assertRefused(GrownBooster booster, String naming) {
        ForestRejected refused = assertThrows(ForestRejected.class, () -> Forest.read(booster.ubj()));
        assertTrue(refused.getMessage().contains(naming), refused.getMessage());
    }

    private static void assertSameBits(GrownBooster booster, Forest forest, float[] rows) {
        assertArrayEquals(bits(booster.oracle(rows)), bits(forest.score(rows, rows.length / booster.features())));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
