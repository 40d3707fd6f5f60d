package tickcast.model.training;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;

/** Recorded months of one-minute candles, where the machine has them. */
final class RecordedHistory {

    private RecordedHistory() {}

    /** @param window folder of the shared history */
    static MarketHistory read(String window) throws IOException {
        Path data = Path.of(System.getProperty("tickcast.root", ".."))
                .resolve("../shared/data/history")
                .resolve(window);
        Assumptions.assumeTrue(Files.isDirectory(data), "shared data is absent: " + data);
        Map<Symbol, List<Candle>> candles = new TreeMap<>();
        try (var files = Files.list(data)) {
            for (Path file : files.sorted().toList()) {
                Symbol symbol = Symbol.parse(file.getFileName().toString().replace("_1.csv.gz", ""));
                candles.put(symbol, read(symbol, file));
            }
        }
        return MarketHistory.of(candles, List.of());
    }

    private static List<Candle> read(Symbol symbol, Path file) throws IOException {
        List<Candle> candles = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                candles.add(candle(symbol, line.split(",")));
            }
        }
        return candles;
    }

    private static Candle candle(Symbol symbol, String[] field) {
        Instant open = Instant.ofEpochSecond(Long.parseLong(field[0]));
        return new Candle(
                symbol,
                open,
                Double.parseDouble(field[1]),
                Double.parseDouble(field[2]),
                Double.parseDouble(field[3]),
                Double.parseDouble(field[4]),
                Double.parseDouble(field[5]),
                Double.NaN,
                Double.NaN,
                -1,
                -1,
                -1,
                Quality.COMPLETE,
                0,
                open.plus(Candle.INTERVAL),
                true);
    }
}
