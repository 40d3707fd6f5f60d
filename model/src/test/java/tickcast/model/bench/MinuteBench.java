package tickcast.model.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tickcast.model.feature.FeatureExtractor;
import tickcast.model.feature.FeatureVector;
import tickcast.model.feature.MarketWalk;
import tickcast.model.feature.Panel;
import tickcast.model.forecast.BoosterForecaster;
import tickcast.model.forecast.Eligibility;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.IntervalCalibrator;
import tickcast.model.forecast.Opinion;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.PredictionComposer;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.Progress;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.model.training.TrainingSettings;

/**
 * What the end of a minute costs for 100 symbols, from their candles to their predictions, on one thread: features brought
 * up to date, vectors, the panel, all members of the shipped ensemble with the scale, intervals that learn from the label
 * that has come due, probability of a rise. The parts take turns within each minute. Figure: at most 5 ms.
 */
public final class MinuteBench {

    private static final int SYMBOLS = 100;
    private static final int HORIZON = 5;
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int TRAINED_MINUTES = 14 * 1440;
    private static final int KNOWN_MINUTES = 1440 + 60;
    private static final int WARM_UP = 300;
    private static final int MINUTES = 600;
    private static final List<Double> COVERAGES = List.of(0.8, 0.95);
    private static final Eligibility READY = new Eligibility(true, false, KNOWN_MINUTES, true);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Forecaster forecaster;
    private final PredictionComposer composer = new PredictionComposer("simulated", HORIZON, COVERAGES);
    private final List<Symbol> symbols = new ArrayList<>();
    private final List<List<Candle>> candles = new ArrayList<>();
    private final List<FeatureExtractor> extractors = new ArrayList<>();
    private final List<IntervalCalibrator> calibrators = new ArrayList<>();
    private final Set<Symbol> panel;
    private final List<Part> parts =
            List.of(new Part("features"), new Part("panel"), new Part("scores"), new Part("predictions"));

    /** Part of a minute. */
    private static final class Part {

        private final String name;
        private final double[] micros = new double[MINUTES];
        private final double[] bytes = new double[MINUTES];

        Part(String name) {
            this.name = name;
        }
    }

    /**
     * Medians.
     *
     * @param millis of a minute, CPU
     * @param slowestMillis of all minutes, CPU
     * @param byPart microseconds a minute, by part
     * @param bytesPerRow that scoring allocates
     */
    record Figures(double millis, double slowestMillis, Map<String, Double> byPart, double bytesPerRow) {}

    private MinuteBench() throws IOException {
        forecaster = BoosterForecaster.load(new ModelTrainer(TrainingSettings.defaults(HORIZON))
                .train(
                        new TrainingSetBuilder(HORIZON, ServedVectors.NONE)
                                .build(history(), START.plus(Duration.ofMinutes(TRAINED_MINUTES)), Progress.SILENT),
                        "simulated",
                        START,
                        Progress.SILENT));
        for (int i = 0; i < SYMBOLS; i++) {
            Symbol symbol = Symbol.parse(i == 0 ? "BTC/USD" : "A" + i + "/USD");
            symbols.add(symbol);
            candles.add(new MarketWalk(symbol, 100 + i, 100).candles(START, KNOWN_MINUTES + WARM_UP + MINUTES));
            extractors.add(new FeatureExtractor(symbol));
            calibrators.add(new IntervalCalibrator(HORIZON, COVERAGES));
        }
        panel = Set.copyOf(symbols);
        for (int i = 0; i < SYMBOLS; i++) {
            candles.get(i).subList(0, KNOWN_MINUTES).forEach(extractors.get(i)::update);
        }
    }

    private static MarketHistory history() {
        Map<Symbol, List<Candle>> history = new TreeMap<>();
        for (String name : List.of("BTC/USD", "ETH/USD", "SOL/USD")) {
            Symbol symbol = Symbol.parse(name);
            history.put(symbol, new MarketWalk(symbol, name.hashCode(), 100).candles(START, TRAINED_MINUTES));
        }
        return MarketHistory.of(history, List.of());
    }

    public static void main(String[] args) throws IOException {
        measure();
    }

    /** Prints all figures and returns them. */
    static Figures measure() throws IOException {
        MinuteBench bench = new MinuteBench();
        for (int minute = -WARM_UP; minute < MINUTES; minute++) {
            bench.close(minute);
        }
        Figures figures = bench.figures();
        System.out.printf("%d symbols' minute, CPU ms             %8.3f   (at most 5)%n", SYMBOLS, figures.millis);
        System.out.printf("  slowest of %d, ms                   %8.3f%n", MINUTES, figures.slowestMillis);
        figures.byPart.forEach(
                (part, micros) -> System.out.printf("  %-12s us a minute              %8.1f%n", part, micros));
        System.out.printf("  scoring, bytes allocated a row       %8.1f%n", figures.bytesPerRow);
        return figures;
    }

    /** One minute's end. */
    private void close(int minute) {
        int at = KNOWN_MINUTES + WARM_UP + minute;
        List<FeatureVector> vectors = new ArrayList<>(SYMBOLS);
        measure(minute, 0, () -> {
            for (int i = 0; i < SYMBOLS; i++) {
                Candle candle = candles.get(i).get(at);
                extractors.get(i).update(candle);
                vectors.add(extractors.get(i).vector(candle.knownAt()));
            }
        });
        List<FeatureVector> joined = new ArrayList<>(SYMBOLS);
        measure(minute, 1, () -> joined.addAll(Panel.join(vectors, panel)));
        List<Forecaster.Forecast> forecasts = new ArrayList<>(SYMBOLS);
        measure(minute, 2, () -> forecasts.addAll(forecaster.score(joined)));
        List<Prediction> predictions = new ArrayList<>(SYMBOLS);
        measure(minute, 3, () -> predict(at, joined, forecasts, predictions));
        requireWhole(predictions);
    }

    private void predict(
            int at, List<FeatureVector> joined, List<Forecaster.Forecast> forecasts, List<Prediction> predictions) {
        for (int i = 0; i < SYMBOLS; i++) {
            IntervalCalibrator calibrator = calibrators.get(i);
            calibrator.learn(candles.get(i).get(at - 1));
            FeatureVector vector = joined.get(i);
            Prediction prediction = composer.compose(
                    vector,
                    READY,
                    new Opinion.Given("1", forecasts.get(i), false, false),
                    calibrator.state(),
                    vector.knownAt());
            calibrator.remember(prediction);
            predictions.add(prediction);
        }
    }

    private static void requireWhole(List<Prediction> predictions) {
        long live = predictions.stream()
                .filter(prediction -> prediction.status() == Status.LIVE
                        && prediction.intervals().size() == COVERAGES.size()
                        && prediction.probabilityUp() > 0)
                .count();
        if (live < SYMBOLS * 0.9) {
            throw new IllegalStateException("only " + live + " of " + SYMBOLS + " predictions are a model's");
        }
    }

    /** CPU of this thread, so that neighbours on the machine don't count. */
    private void measure(int minute, int part, Runnable work) {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long start = THREADS.getCurrentThreadCpuTime();
        work.run();
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
        if (minute >= 0) {
            parts.get(part).micros[minute] = nanos / 1e3;
            parts.get(part).bytes[minute] = bytes;
        }
    }

    private Figures figures() {
        double[] all = new double[MINUTES];
        Arrays.setAll(
                all,
                minute ->
                        parts.stream().mapToDouble(part -> part.micros[minute]).sum() / 1e3);
        Map<String, Double> byPart = new TreeMap<>();
        parts.forEach(part -> byPart.put(part.name, median(part.micros)));
        return new Figures(
                median(all), Arrays.stream(all).max().orElseThrow(), byPart, median(parts.get(2).bytes) / SYMBOLS);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
