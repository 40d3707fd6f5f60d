package tickcast.streams.exchange.simulated;

/**
 * Randomness that can be asked anywhere: a draw is a function of a key, a position and its number there. SplitMix64
 * (Steele, Lea, Flood 2014). Single-threaded.
 */
final class Noise {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private static final int MOST_SMALL = 60;
    private static final double[] INVERSES = inverses();

    private long state;

    /** The key of a named stream of a seed. */
    static long key(long seed, String name) {
        long key = mix(seed + GOLDEN);
        for (int i = 0; i < name.length(); i++) {
            key = mix(key ^ name.charAt(i)) + GOLDEN;
        }
        return key;
    }

    /** Goes to a position of a stream. */
    void seek(long key, long position) {
        state = mix(key ^ mix(position * GOLDEN));
    }

    long bits() {
        state += GOLDEN;
        return mix(state);
    }

    /** Even in [0, 1). */
    double uniform() {
        return (bits() >>> 11) * 0x1p-53;
    }

    double normal() {
        return Quantiles.NORMAL.at(bits());
    }

    double student() {
        return Quantiles.STUDENT.at(bits());
    }

    double exponential() {
        return Quantiles.EXPONENTIAL.at(bits());
    }

    /** Poisson, by inversion when small and by the normal approximation when large. */
    int poisson(double mean) {
        if (mean > 12) {
            return (int) Math.max(0, Math.floor(mean + Math.sqrt(mean) * normal() + 0.5));
        }
        double left = uniform();
        double probability = Exponential.exp(-mean);
        int count = 0;
        while (left >= probability && count < MOST_SMALL) {
            left -= probability;
            count++;
            probability *= mean * INVERSES[count];
        }
        return count;
    }

    private static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static double[] inverses() {
        double[] inverses = new double[MOST_SMALL + 1];
        for (int i = 1; i <= MOST_SMALL; i++) {
            inverses[i] = 1.0 / i;
        }
        return inverses;
    }
}
