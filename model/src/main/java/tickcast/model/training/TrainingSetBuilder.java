package tickcast.model.training;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;

/**
 * Makes a {@link TrainingSet} by point in time. A row stands for a symbol and as-of when the extractor is warm, none of
 * the last 60 minutes is PARTIAL, the market is not dead, and the minute that ends at as-of + horizon is over and whole.
 * Labels are joined by timestamp. Where a vector of the same schema was served, that one is taken (law 4).
 */
public final class TrainingSetBuilder {

    private static final Duration DAY = Duration.ofDays(1);

    private final int horizonMinutes;
    private final ServedVectors served;

    public TrainingSetBuilder(int horizonMinutes, ServedVectors served) {
        this.horizonMinutes = horizonMinutes;
        this.served = served;
    }

    /**
     * Runs through the history as it was known at {@code now}; about 10 µs a row.
     *
     * @throws NotEnoughHistory when there is no candle
     */
    public TrainingSet build(MarketHistory history, Instant now, Progress progress) {
        MarketHistory known = history.until(now);
        FeatureSchema schema = FeatureSchema.current();
        TrainingSet.Builder rows = TrainingSet.builder(
                schema.id(),
                schema.hash(),
                schema.names(),
                horizonMinutes,
                List.copyOf(known.candles().keySet()));
        new MarketWalk(known).run(new Labeller(schema.hash(), rows), progress);
        return rows.build(known.from(), known.to());
    }

    /** Holds vectors back until their target minute has closed. */
    private final class Labeller implements MarketWalk.Visitor {

        private final String schemaHash;
        private final TrainingSet.Builder rows;
        private final Deque<Map<Symbol, FeatureVector>> waiting = new ArrayDeque<>();
        private final Map<Symbol, Path> paths = new HashMap<>();
        private final Map<Symbol, Map<Instant, FeatureVector>> servedToday = new HashMap<>();
        private Instant servedDay = Instant.MIN;

        Labeller(String schemaHash, TrainingSet.Builder rows) {
            this.schemaHash = schemaHash;
            this.rows = rows;
        }

        @Override
        public void visit(Instant asOf, List<MarketWalk.Step> steps) {
            loadServed(asOf, steps);
            steps.forEach(step -> paths.computeIfAbsent(step.candle().symbol(), symbol -> new Path(horizonMinutes))
                    .add(step.candle()));
            label(asOf.minus(Duration.ofMinutes(horizonMinutes)), steps);
            Map<Symbol, FeatureVector> now = new HashMap<>();
            for (MarketWalk.Step step : steps) {
                FeatureVector vector = servedOr(step.vector());
                if (step.eligibility().isWarm() && !step.eligibility().hasGap() && vector.volatility() > 0) {
                    now.put(vector.symbol(), vector);
                }
            }
            if (!now.isEmpty()) {
                waiting.addLast(now);
            }
        }

        private void label(Instant asOf, List<MarketWalk.Step> steps) {
            while (!waiting.isEmpty() && asOfOf(waiting.peekFirst()).isBefore(asOf)) {
                waiting.removeFirst();
            }
            if (waiting.isEmpty() || !asOfOf(waiting.peekFirst()).equals(asOf)) {
                return;
            }
            Map<Symbol, FeatureVector> ripe = waiting.removeFirst();
            for (MarketWalk.Step step : steps) {
                Candle target = step.candle();
                FeatureVector vector = ripe.get(target.symbol());
                if (vector != null && target.quality().isWhole()) {
                    rows.add(
                            vector,
                            StrictMath.log(target.close() / vector.lastPrice()),
                            paths.get(target.symbol()).length());
                }
            }
        }

        private static Instant asOfOf(Map<Symbol, FeatureVector> vectors) {
            return vectors.values().iterator().next().asOf();
        }

        private void loadServed(Instant asOf, List<MarketWalk.Step> steps) {
            Instant day = asOf.truncatedTo(ChronoUnit.DAYS);
            if (!day.equals(servedDay)) {
                servedDay = day;
                servedToday.clear();
            }
            for (MarketWalk.Step step : steps) {
                servedToday.computeIfAbsent(step.candle().symbol(), symbol -> servedOn(symbol, day));
            }
        }

        private Map<Instant, FeatureVector> servedOn(Symbol symbol, Instant day) {
            Map<Instant, FeatureVector> vectors = new HashMap<>();
            served.between(symbol, day, day.plus(DAY)).forEach(vector -> vectors.put(vector.asOf(), vector));
            return vectors;
        }

        private FeatureVector servedOr(FeatureVector recomputed) {
            FeatureVector vector = servedToday.get(recomputed.symbol()).getOrDefault(recomputed.asOf(), recomputed);
            return vector.schemaHash().equals(schemaHash) ? vector : recomputed;
        }
    }

    /** The last minutes of one symbol, as many as the horizon has. */
    private static final class Path {

        private final double[] squares;
        private double lastClose = Double.NaN;
        private int next;

        Path(int minutes) {
            squares = new double[minutes];
        }

        void add(Candle candle) {
            double logReturn = StrictMath.log(candle.close() / lastClose);
            squares[next] = logReturn * logReturn;
            next = (next + 1) % squares.length;
            lastClose = candle.close();
        }

        /** Root of the sum of squared log returns, from the oldest on. */
        double length() {
            double sum = 0;
            for (int i = 0; i < squares.length; i++) {
                sum += squares[(next + i) % squares.length];
            }
            return Math.sqrt(sum);
        }
    }
}
