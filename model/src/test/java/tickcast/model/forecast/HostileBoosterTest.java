package tickcast.model.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A damaged or crafted booster is refused, or it scores something: nothing else may happen. */
class HostileBoosterTest {

    private static final int FEATURES = 5;
    private static final int FLIPS = 10_000;
    private static final float[] ROW = {0.5f, Float.NaN, -3f, 100f, 0f};

    private static byte[] sound;

    @BeforeAll
    static void grow() {
        sound = GrownBooster.of("reg:pseudohubererror", 3, 4, FEATURES, 1).ubj();
    }

    @Test
    void shouldSurviveFlippedBits() {
        SplittableRandom random = new SplittableRandom(42);
        int refused = 0;
        for (int i = 0; i < FLIPS; i++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            refused += isRefused(bytes) ? 1 : 0;
        }
        assertTrue(refused > FLIPS / 10 && refused < FLIPS, "refused " + refused + " of " + FLIPS);
    }

    @Test
    void shouldSurviveManyFlippedBytesAtOnce() {
        SplittableRandom random = new SplittableRandom(43);
        for (int i = 0; i < FLIPS / 10; i++) {
            byte[] bytes = sound.clone();
            for (int k = random.nextInt(1, 30); k > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            isRefused(bytes);
        }
    }

    /** Whether it is refused; if not, it is asked, for a row and why. */
    private static boolean isRefused(byte[] bytes) {
        try {
            Forest forest = Forest.read(bytes);
            SplitKeys keys = new SplitKeys(forest.features());
            keys.fill(Arrays.copyOf(ROW, forest.features()), 0);
            forest.score(keys);
            forest.contributions(keys);
            return false;
        } catch (ForestRejected refused) {
            return true;
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (int length = 0; length < sound.length; length += length < 400 ? 1 : 13) {
            byte[] bytes = Arrays.copyOf(sound, length);
            assertThrows(ForestRejected.class, () -> Forest.read(bytes));
        }
        assertThrows(ForestRejected.class, () -> Forest.read(Arrays.copyOf(sound, sound.length + 1)));
        assertThrows(ForestRejected.class, () -> Forest.read("{\"learner\":{}}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldRefuseLengthsThatTheFileCannotHold() {
        for (long length : new long[] {Long.MAX_VALUE, Integer.MAX_VALUE, -1, 1L << 40, Long.MIN_VALUE}) {
            for (String column : new String[] {"left_children", "split_conditions", "default_left", "categories"}) {
                byte[] bytes = sound.clone();
                bytesOf(bytes).putLong(dataOf(bytes, column) - 8, length);
                assertThrows(ForestRejected.class, () -> Forest.read(bytes), column + " of length " + length);
            }
        }
    }

    @Test
    void shouldRefuseTreesThatNeverEnd() {
        for (int child : new int[] {0, 1, -2, 7, 14, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] bytes = sound.clone();
            ByteBuffer buffer = bytesOf(bytes);
            int node = 2; // its children become those of the root, itself, or lie outside
            buffer.putInt(dataOf(bytes, "left_children") + 4 * node, child);
            buffer.putInt(dataOf(bytes, "right_children") + 4 * node, child + 1);
            assertThrows(ForestRejected.class, () -> Forest.read(bytes), "child " + child);
        }
    }

    @Test
    void shouldRefuseFeaturesAndNumbersThatAreNone() {
        for (int feature : new int[] {FEATURES, -1, Integer.MAX_VALUE}) {
            byte[] bytes = sound.clone();
            bytesOf(bytes).putInt(dataOf(bytes, "split_indices"), feature);
            assertThrows(ForestRejected.class, () -> Forest.read(bytes), "feature " + feature);
        }
        for (float number : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            byte[] bytes = sound.clone();
            bytesOf(bytes).putFloat(dataOf(bytes, "split_conditions"), number);
            assertThrows(ForestRejected.class, () -> Forest.read(bytes), "number " + number);
        }
        byte[] categorical = sound.clone();
        categorical[dataOf(categorical, "split_type")] = 1;
        assertThrows(ForestRejected.class, () -> Forest.read(categorical));
    }

    @Test
    void shouldRefuseEndlessNesting() {
        ByteBuffer nested = ByteBuffer.allocate(1_000_000);
        nested.put((byte) '{').put((byte) 'L').putLong(1).put((byte) 'x');
        while (nested.remaining() > 11) {
            nested.put((byte) '[').put((byte) '#').put((byte) 'L').putLong(1);
        }
        byte[] bytes = nested.array();
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertThrows(ForestRejected.class, () -> Forest.read(bytes)));
    }

    @Test
    void shouldNameWhatIsWrong() {
        byte[] bytes = sound.clone();
        bytes[0] = '[';

        assertEquals(
                "no booster: found byte 91 where '{' belongs at byte 1",
                assertThrows(ForestRejected.class, () -> Forest.read(bytes)).getMessage());
    }

    private static ByteBuffer bytesOf(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }

    /** Where the first tree's values of a column begin: after its name and {@code [$t#L} with the length. */
    private static int dataOf(byte[] bytes, String column) {
        int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\0" + (char) column.length() + column);
        return name + 2 + column.length() + 5 + 8;
    }
}
