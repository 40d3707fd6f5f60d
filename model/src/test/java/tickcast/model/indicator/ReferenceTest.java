package tickcast.model.indicator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import tickcast.model.SharedData;

/** Every indicator against the values of DaveSkender/Stock.Indicators, bar by bar, warm-up included. */
class ReferenceTest {

    private static final double TOLERANCE = 1e-9;
    /** Below this the difference counts, not the ratio. */
    private static final double NEAR_ZERO = 1e-3;

    private record Bar(double high, double low, double close, double volume) {}

    @Test
    void shouldMatchSma() throws IOException {
        compare("sma", new Sma(20), "sma");
    }

    @Test
    void shouldMatchEma() throws IOException {
        compare("ema", new Ema(20), "ema");
    }

    @Test
    void shouldMatchWma() throws IOException {
        compare("wma", new Wma(14), "wma");
    }

    @Test
    void shouldMatchRsi() throws IOException {
        compare("rsi", new Rsi(14), "rsi");
    }

    @Test
    void shouldMatchRateOfChange() throws IOException {
        compare("roc", new RateOfChange(14), "roc");
    }

    @Test
    void shouldMatchStandardDeviation() throws IOException {
        compare("stdev", new RollingDeviation(14), "stdDev");
    }

    @Test
    void shouldMatchMacd() throws IOException {
        Macd macd = new Macd(12, 26, 9);
        Run run = new Run("macd", bar -> macd.update(bar.close()));
        run.check("macd", macd::isWarm, macd::value);
        run.check("signal", macd::isSignalWarm, macd::signal);
        run.check("histogram", macd::isSignalWarm, macd::histogram);
        run.go();
    }

    @Test
    void shouldMatchBollingerBands() throws IOException {
        BollingerBands bands = new BollingerBands(20, 2);
        Run run = new Run("bb", bar -> bands.update(bar.close()));
        run.check("sma", bands::isWarm, bands::value);
        run.check("upperBand", bands::isWarm, bands::upper);
        run.check("lowerBand", bands::isWarm, bands::lower);
        run.check("percentB", bands::isWarm, bands::position);
        run.check("width", bands::isWarm, bands::width);
        run.go();
    }

    @Test
    void shouldMatchTrueRange() throws IOException {
        compare("tr", new TrueRange(), "tr");
    }

    @Test
    void shouldMatchAtr() throws IOException {
        compare("atr", new Atr(14), "atr");
    }

    @Test
    void shouldMatchObv() throws IOException {
        compare("obv", new Obv(), "obv");
    }

    @Test
    void shouldMatchStochastic() throws IOException {
        Stochastic stochastic = new Stochastic(14, 3, 3);
        Run run = new Run("stoch", bar -> update(stochastic, bar));
        run.check("k", stochastic::isWarm, stochastic::value);
        run.check("d", stochastic::isSignalWarm, stochastic::signal);
        run.go();
    }

    @Test
    void shouldMatchAdx() throws IOException {
        Adx adx = new Adx(14);
        Run run = new Run("adx", bar -> update(adx, bar));
        run.check("pdi", adx::isDirectionWarm, adx::plus);
        run.check("mdi", adx::isDirectionWarm, adx::minus);
        run.check("adx", adx::isWarm, adx::value);
        run.go();
    }

    @Test
    void shouldMatchMfi() throws IOException {
        compare("mfi", new Mfi(14), "mfi");
    }

    @Test
    void shouldMatchCci() throws IOException {
        compare("cci", new Cci(20), "cci");
    }

    @Test
    void shouldMatchWilliamsR() throws IOException {
        compare("willr", new WilliamsR(14), "williamsR");
    }

    @Test
    void shouldMatchVwap() throws IOException {
        compare("vwap", new Vwap(), "vwap");
    }

    private static void compare(String name, PriceIndicator indicator, String field) throws IOException {
        Run run = new Run(name, bar -> indicator.update(bar.close()));
        run.check(field, indicator::isWarm, indicator::value);
        run.go();
    }

    private static void compare(String name, BarIndicator indicator, String field) throws IOException {
        Run run = new Run(name, bar -> update(indicator, bar));
        run.check(field, indicator::isWarm, indicator::value);
        run.go();
    }

    private static void update(BarIndicator indicator, Bar bar) {
        indicator.update(bar.high(), bar.low(), bar.close(), bar.volume());
    }

    private interface Updater {
        void update(Bar bar);
    }

    private record Output(String field, BooleanSupplier isWarm, DoubleSupplier value) {}

    /** Feeds the bars and compares each output after each. */
    private static final class Run {

        private final String name;
        private final Updater updater;
        private final List<Output> outputs = new ArrayList<>();

        Run(String name, Updater updater) {
            this.name = name;
            this.updater = updater;
        }

        void check(String field, BooleanSupplier isWarm, DoubleSupplier value) {
            outputs.add(new Output(field, isWarm, value));
        }

        void go() throws IOException {
            Path folder = SharedData.require("indicators/skender");
            JsonNode results = new ObjectMapper()
                    .readTree(
                            folder.resolve("results/" + name + ".standard.json").toFile());
            List<Bar> bars = bars(folder.resolve("quotes/default.csv"));
            assertEquals(502, bars.size());
            assertEquals(bars.size(), results.size());
            for (int i = 0; i < bars.size(); i++) {
                updater.update(bars.get(i));
                for (Output output : outputs) {
                    compare(i, output, results.get(i).get(output.field()));
                }
            }
        }

        private void compare(int index, Output output, JsonNode expected) {
            String where = name + "." + output.field() + "[" + index + "]";
            double value = output.value().getAsDouble();
            if (expected.isNull()) {
                assertFalse(output.isWarm().getAsBoolean(), where + " is warm too early");
                assertTrue(Double.isNaN(value), where + " has a value too early");
                return;
            }
            assertTrue(output.isWarm().getAsBoolean(), where + " is not warm");
            double tolerance = TOLERANCE * Math.max(NEAR_ZERO, Math.abs(expected.asDouble()));
            assertEquals(expected.asDouble(), value, tolerance, where);
        }

        private static List<Bar> bars(Path file) throws IOException {
            return Files.readAllLines(file).stream()
                    .skip(1)
                    .filter(line -> !line.isBlank())
                    .map(line -> line.split(","))
                    .map(cells -> new Bar(
                            Double.parseDouble(cells[2]),
                            Double.parseDouble(cells[3]),
                            Double.parseDouble(cells[4]),
                            Double.parseDouble(cells[5])))
                    .toList();
        }
    }
}
