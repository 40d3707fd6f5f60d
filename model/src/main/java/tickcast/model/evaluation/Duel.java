package tickcast.model.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;

/**
 * Two forecasters on identical rows, symbols pooled: errors are divided by the move that volatility led to expect
 * (σ√horizon) before they are added up.
 *
 * @param rows scored by both
 * @param mae mean scaled absolute error of the one
 * @param rivalMae of the other
 * @param gain 1 − mae / rivalMae: positive when the one errs less; its skill when the rival is naive; NaN without rows
 * @param gainLow lower end of its 95 % interval (block bootstrap); NaN when there is too little to tell
 * @param gainHigh upper end likewise
 */
public record Duel(int rows, double mae, double rivalMae, double gain, double gainLow, double gainHigh) {

    /** Nothing to compare. */
    public static final Duel NONE = new Duel(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** One model version against another, on the symbols and minutes that both predicted and that were scored. */
    public static Duel of(List<PredictionError> errors, String version, String rival) {
        Map<Row, PredictionError> others = new HashMap<>();
        errors.stream().filter(error -> isOf(error, rival)).forEach(error -> others.put(Row.of(error), error));
        List<PredictionError> own = errors.stream()
                .filter(error -> isOf(error, version))
                .filter(error -> others.containsKey(Row.of(error)))
                .sorted(Comparator.comparing(Row::of))
                .toList();
        if (own.isEmpty()) {
            return NONE;
        }
        Tally tally = new Tally(Math.toIntExact(Duration.between(
                        own.get(0).prediction().asOf(), Row.of(own.get(0)).targetTime())
                .toMinutes()));
        for (PredictionError error : own) {
            double unit = error.prediction().expectedMove();
            tally.add(
                    Times.epochMinute(Row.of(error).targetTime()),
                    Math.abs(error.error()) / unit,
                    Math.abs(others.get(Row.of(error)).error()) / unit);
        }
        return tally.duel();
    }

    private static boolean isOf(PredictionError error, String version) {
        Prediction prediction = error.prediction();
        return error.scored() && prediction.modelVersion().equals(version) && prediction.expectedMove() > 0;
    }

    private record Row(Instant targetTime, Symbol symbol) implements Comparable<Row> {

        static Row of(PredictionError error) {
            return new Row(error.prediction().targetTime(), error.prediction().symbol());
        }

        @Override
        public int compareTo(Row other) {
            int byTime = targetTime.compareTo(other.targetTime);
            return byTime != 0 ? byTime : symbol.compareTo(other.symbol);
        }
    }

    /** Whether the one erred less, on at least so many rows. */
    public boolean isBetter(int leastRows) {
        return rows >= leastRows && gain > 0;
    }

    /** Whether chance hardly explains that the one erred less. */
    public boolean isCrediblyBetter(int leastRows) {
        return rows >= leastRows && gainLow > 0;
    }

    /** Whether chance hardly explains that the one erred more. */
    public boolean isCrediblyWorse(int leastRows) {
        return rows >= leastRows && gainHigh < 0;
    }

    /** Adds up rows that come by rising time. Single-threaded. */
    public static final class Tally {

        private static final int LONGEST_BLOCK = 60;
        private static final int BLOCKS_IN_SHORT_WINDOWS = 10;

        private final int horizonMinutes;
        private long[] minutes = new long[1024];
        private double[] errors = new double[1024];
        private double[] rivals = new double[1024];
        private int rows;

        public Tally(int horizonMinutes) {
            this.horizonMinutes = horizonMinutes;
        }

        /** One row: scaled absolute errors of both. */
        public void add(long epochMinute, double error, double rivalError) {
            if (rows == minutes.length) {
                minutes = Arrays.copyOf(minutes, 2 * rows);
                errors = Arrays.copyOf(errors, 2 * rows);
                rivals = Arrays.copyOf(rivals, 2 * rows);
            }
            minutes[rows] = epochMinute;
            errors[rows] = error;
            rivals[rows] = rivalError;
            rows++;
        }

        public Duel duel() {
            if (rows == 0) {
                return NONE;
            }
            BlockBootstrap bootstrap = new BlockBootstrap(blockMinutes());
            double error = 0;
            double rival = 0;
            for (int i = 0; i < rows; i++) {
                bootstrap.add(minutes[i], errors[i], rivals[i]);
                error += errors[i];
                rival += rivals[i];
            }
            BlockBootstrap.Skill gain = bootstrap.skill();
            return new Duel(rows, error / rows, rival / rows, gain.value(), gain.low(), gain.high());
        }

        /** As on the scoreboard: an hour, or less in short windows, but never less than twice the horizon. */
        private int blockMinutes() {
            long span = minutes[rows - 1] - minutes[0] + 1;
            return Math.toIntExact(
                    Math.max(2L * horizonMinutes, Math.min(LONGEST_BLOCK, span / BLOCKS_IN_SHORT_WINDOWS)));
        }
    }
}
