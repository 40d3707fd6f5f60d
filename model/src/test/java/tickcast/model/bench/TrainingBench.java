package tickcast.model.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tickcast.model.feature.MarketWalk;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.registry.TrainedModel;
import tickcast.model.training.MarketHistory;
import tickcast.model.training.ModelTrainer;
import tickcast.model.training.Progress;
import tickcast.model.training.ServedVectors;
import tickcast.model.training.TrainingSet;
import tickcast.model.training.TrainingSetBuilder;
import tickcast.model.training.TrainingSettings;

/**
 * Trains the shipped recipe, no search, on 30 days of four symbols in a JVM of its own, so that the peak of its memory,
 * native included, can be read from the kernel. Figures: at most 20 s on two cores, at most 1.5 GiB resident.
 */
public final class TrainingBench {

    private static final int HORIZON = 5;
    private static final int DAYS = 30;
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final List<String> SYMBOLS = List.of("BTC/USD", "ETH/USD", "SOL/USD", "XRP/USD");
    private static final Path STATUS = Path.of("/proc/self/status");

    private TrainingBench() {}

    /**
     * Of one training.
     *
     * @param rows learned from
     * @param prepareSeconds from candles to rows
     * @param trainSeconds from rows to the model, its test included
     * @param cpuSeconds of all threads for both
     * @param peakMib resident at most; NaN where the kernel does not tell
     */
    record Figures(int rows, double prepareSeconds, double trainSeconds, double cpuSeconds, double peakMib) {}

    /** The child: prints its figures on one line. */
    public static void main(String[] args) throws IOException {
        MarketHistory history = history();
        long cpu = cpuNanos();
        long begun = System.nanoTime();
        TrainingSet rows =
                new TrainingSetBuilder(HORIZON, ServedVectors.NONE).build(history, history.to(), Progress.SILENT);
        long built = System.nanoTime();
        TrainedModel model = new ModelTrainer(TrainingSettings.defaults(HORIZON))
                .train(rows, "simulated", history.to(), Progress.SILENT);
        long trained = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "figures %d %.3f %.3f %.3f %.1f %s%n",
                rows.rows(),
                (built - begun) / 1e9,
                (trained - built) / 1e9,
                (cpuNanos() - cpu) / 1e9,
                peakMib(),
                model.card().digest());
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static MarketHistory history() {
        Map<Symbol, List<Candle>> history = new TreeMap<>();
        for (String name : SYMBOLS) {
            Symbol symbol = Symbol.parse(name);
            history.put(symbol, new MarketWalk(symbol, name.hashCode(), 100).candles(START, minutes()));
        }
        return MarketHistory.of(history, List.of());
    }

    private static int minutes() {
        return (int) Duration.ofDays(DAYS).toMinutes();
    }

    private static double peakMib() throws IOException {
        if (Files.notExists(STATUS)) {
            return Double.NaN;
        }
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Trains in a child JVM, prints the figures and returns them. @param heap its most, such as {@code 1g} */
    static Figures measure(String heap) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        TrainingBench.class.getName())
                .redirectErrorStream(true);
        builder.environment().put("OMP_WAIT_POLICY", "passive");
        Process child = builder.start();
        String figures = "";
        StringBuilder words = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                words.append(line).append('\n');
                figures = line.startsWith("figures ") ? line : figures;
            }
        }
        if (child.waitFor() != 0 || figures.isEmpty()) {
            throw new IllegalStateException("the training failed: " + words);
        }
        String[] parts = figures.split(" ");
        Figures read = new Figures(
                Integer.parseInt(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Double.parseDouble(parts[5]));
        System.out.printf(
                Locale.ROOT,
                "%d symbols x %d days, %d rows: %.1f s to rows, %.1f s to the model (at most 20), %.1f s of CPU, peak %.0f MiB (at most"
                        + " 1536), digest %s%n",
                SYMBOLS.size(),
                DAYS,
                read.rows,
                read.prepareSeconds,
                read.trainSeconds,
                read.cpuSeconds,
                read.peakMib,
                parts[6]);
        return read;
    }
}
