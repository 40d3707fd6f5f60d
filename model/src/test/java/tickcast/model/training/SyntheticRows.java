package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Symbol;

/** Seeded training sets of two symbols with normal features, one of them mostly unknown, and fat-tailed labels. */
final class SyntheticRows {

    static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
    static final List<Symbol> SYMBOLS = List.of(Symbol.parse("BTC/USD"), Symbol.parse("ETH/USD"));
    static final List<String> FEATURES = List.of("a", "b", "c", "mostlyUnknown", "d");
    static final int HORIZON = 5;
    static final double VOLATILITY = 0.0005;
    static final int MINUTES_APART = 5;

    private SyntheticRows() {}

    /** @param signal expected z, given the features */
    static TrainingSet rows(int days, long seed, ToDoubleFunction<double[]> signal) {
        return rows(days, seed, signal, Instant.MAX);
    }

    /** As above; from {@code poisonedFrom} on, labels are absurd. */
    static TrainingSet rows(int days, long seed, ToDoubleFunction<double[]> signal, Instant poisonedFrom) {
        SplittableRandom random = new SplittableRandom(seed);
        TrainingSet.Builder builder = TrainingSet.builder("test-v1", "feed", FEATURES, HORIZON, SYMBOLS);
        Instant end = START.plus(Duration.ofDays(days));
        for (Instant asOf = START; asOf.isBefore(end); asOf = asOf.plus(Duration.ofMinutes(MINUTES_APART))) {
            for (Symbol symbol : SYMBOLS) {
                FeatureVector vector = vector(symbol, asOf, random);
                double z = signal.applyAsDouble(vector.values()) + fatTailed(random);
                double label = z * VOLATILITY * Math.sqrt(HORIZON);
                builder.add(vector, asOf.isBefore(poisonedFrom) ? label : 3 * vector.values()[1]);
            }
        }
        return builder.build(START, end);
    }

    static FeatureVector vector(Symbol symbol, Instant asOf, SplittableRandom random) {
        double[] values = new double[FEATURES.size()];
        for (int j = 0; j < values.length; j++) {
            values[j] = gaussian(random);
        }
        if (random.nextDouble() < 0.8) {
            values[3] = Double.NaN;
        }
        if (random.nextDouble() < 0.01) {
            values[4] = Double.NaN;
        }
        return new FeatureVector(symbol, asOf, asOf, "feed", values, 100, VOLATILITY, "");
    }

    static double gaussian(SplittableRandom random) {
        double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
        return radius * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** Student's t with four degrees of freedom, scaled to unit variance. */
    static double fatTailed(SplittableRandom random) {
        double squares = 0;
        for (int i = 0; i < 4; i++) {
            double each = gaussian(random);
            squares += each * each;
        }
        return gaussian(random) / Math.sqrt(squares / 4) / Math.sqrt(2);
    }
}
