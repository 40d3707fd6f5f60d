package tickcast.http.node;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** Writes candle files in Kraken's download layout: a seeded random walk with a drift that lasts, so that there is something to learn. */
final class GeneratedHistory {

    static final Instant START = Instant.parse("2025-03-01T00:00:00Z");
    static final int DAY = 1440;

    private static final double NOISE = 5e-4;
    private static final double DRIFT = 4e-4;
    private static final double DRIFT_LASTS = 0.97;

    private GeneratedHistory() {}

    /** Fills a directory with some minutes from {@link #START} on; one minute in fifty has no trade and so no line. */
    static void write(Path directory, int minutes, String... pairs) throws IOException {
        Files.createDirectories(directory);
        for (String pair : pairs) {
            try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(pair + "_1.csv"))) {
                write(out, minutes, new Random(pair.hashCode()));
            }
        }
    }

    private static void write(BufferedWriter out, int minutes, Random random) throws IOException {
        double close = 1000;
        double drift = 0;
        for (int minute = 0; minute < minutes; minute++) {
            drift = DRIFT_LASTS * drift + Math.sqrt(1 - DRIFT_LASTS * DRIFT_LASTS) * DRIFT * random.nextGaussian();
            double open = close;
            close = open * Math.exp(drift + NOISE * random.nextGaussian());
            double high = Math.max(open, close) * (1 + 1e-4 * random.nextDouble());
            double low = Math.min(open, close) * (1 - 1e-4 * random.nextDouble());
            if (minute % 50 != 49) {
                out.write(START.getEpochSecond() + 60L * minute + "," + open + "," + high + "," + low + "," + close
                        + "," + (1 + random.nextInt(1000)) / 100.0 + "," + (2 + random.nextInt(50)) + "\n");
            } else {
                close = open;
            }
        }
    }
}
