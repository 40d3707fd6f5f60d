package tickcast.streams.exchange.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.SharedData;
import tickcast.streams.exchange.replay.Problems.Kind;

class HistoryFilesTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final long T0 = 1_700_000_040;

    @TempDir
    Path directory;

    @Test
    void shouldFindPairsAndReportOtherNames() throws IOException {
        write("XBTUSD.csv", T0 + ",1,1\n");
        write("ETHUSD_1.csv", T0 + ",1,1,1,1,1,3\n");
        write("SOLUSD_5.csv", T0 + ",1,1,1,1,1,3\n");
        write("README.md", "hello");
        write("notapair!.csv", "x");
        HistoryFiles files = HistoryFiles.discover(directory);
        assertEquals(List.of(BTC, Symbol.parse("ETH/USD")), files.symbols());
        assertEquals(3, files.problems().count(Kind.IGNORED_FILE));
        assertTrue(files.problems().first().stream().anyMatch(p -> p.file().equals("README.md")));
    }

    @Test
    void shouldRefuseADirectoryWithoutHistory() throws IOException {
        write("README.md", "hello");
        assertThrows(HistoryException.class, () -> HistoryFiles.discover(directory));
        assertThrows(HistoryException.class, () -> HistoryFiles.discover(directory.resolve("absent")));
    }

    @Test
    void shouldReadTradesWithTheirLineNumbers() throws IOException {
        write("XBTUSD.csv", T0 + ".6624,36160.9,0.00039906\r\n" + T0 + ".6624,36153.2,5.1e-05");
        List<Trade> trades = all(HistoryFiles.discover(directory).trades(BTC));
        assertEquals(
                List.of(
                        new Trade(BTC, 1, T0 * 1_000_000 + 662_400, 36160.9, 0.00039906, Side.UNKNOWN),
                        new Trade(BTC, 2, T0 * 1_000_000 + 662_400, 36153.2, 5.1e-05, Side.UNKNOWN)),
                trades);
    }

    @Test
    void shouldNameBadLinesByNumberAndGoOn() throws IOException {
        List<String> lines = tradeLines(1000);
        lines.set(9, "rubbish");
        lines.set(19, T0 + 19 + ",-5,1");
        lines.set(29, T0 + ",5,1");
        lines.set(39, "");
        write("XBTUSD.csv", String.join("\n", lines) + "\n");
        HistoryFiles files = HistoryFiles.discover(directory);
        assertEquals(996, all(files.trades(BTC)).size());
        assertEquals(3, files.problems().count(Kind.MALFORMED_LINE));
        assertEquals(1, files.problems().count(Kind.OUT_OF_ORDER_LINE));
        assertEquals(
                List.of(10L, 20L, 30L, 40L),
                files.problems().first().stream().map(Problems.Problem::line).toList());
        assertEquals(
                "XBTUSD.csv:10: not 3 columns: 'rubbish'",
                files.problems().first().get(0).toString());
        assertEquals("3 malformed lines, 1 lines out of order", files.problems().summary());
    }

    @Test
    void shouldNotLoseTheRestOfAFileToOneLeapInTime() throws IOException {
        List<String> lines = tradeLines(500);
        lines.set(0, "4000000000,5,1");
        lines.set(250, "3000000000,5,1");
        write("XBTUSD.csv", String.join("\n", lines));
        HistoryFiles files = HistoryFiles.discover(directory);
        assertEquals(498, all(files.trades(BTC)).size());
        assertEquals(
                List.of(1L, 251L),
                files.problems().first().stream().map(Problems.Problem::line).toList());
    }

    @Test
    void shouldFailOnMoreThanOneBadLineInAHundred() throws IOException {
        List<String> lines = tradeLines(1000);
        for (int i = 0; i < 11; i++) {
            lines.set(50 * i, "bad");
        }
        write("XBTUSD.csv", String.join("\n", lines));
        HistoryFiles files = HistoryFiles.discover(directory);
        HistoryException refused = assertThrows(HistoryException.class, () -> all(files.trades(BTC)));
        assertTrue(refused.getMessage().startsWith("11 of 1000 lines are bad"), refused.getMessage());
        assertTrue(refused.getMessage().contains("XBTUSD.csv:51:"), refused.getMessage());
    }

    @Test
    void shouldSayWhenAFileIsDamaged() throws IOException {
        write("XBTUSD.csv.gz", "no gzip");
        HistoryFiles files = HistoryFiles.discover(directory);
        HistoryException refused = assertThrows(HistoryException.class, () -> files.trades(BTC));
        assertTrue(refused.getMessage().startsWith("XBTUSD.csv.gz"), refused.getMessage());
    }

    @Test
    void shouldFillMinutesWithoutARowWithEmptyCandles() throws IOException {
        write("XBTUSD_1.csv", T0 + ",10,12,9,11,2.5,4\n" + (T0 + 180) + ",11,13,11,13,1,2\n");
        List<Candle> candles = all(HistoryFiles.discover(directory).candles(BTC));
        assertEquals(4, candles.size());
        Candle first = candles.get(0);
        assertEquals(Instant.ofEpochSecond(T0), first.openTime());
        assertEquals(4, first.trades());
        assertEquals(-1, first.firstTradeId());
        assertTrue(Double.isNaN(first.notional()) && Double.isNaN(first.buyVolume()));
        assertEquals(Quality.EMPTY, candles.get(1).quality());
        assertEquals(11, candles.get(2).high());
        assertEquals(0, candles.get(2).volume());
        assertTrue(candles.stream().allMatch(c -> c.imported() && c.knownAt().equals(c.closeTime())));
    }

    @Test
    void shouldNotBelieveTradeCountsThatAreAllOne() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            rows.append(T0 + 60 * i).append(",10,10,10,10,").append(1 + i).append(",1\n");
        }
        write("XBTUSD_1.csv", rows.toString());
        assertTrue(all(HistoryFiles.discover(directory).candles(BTC)).stream().allMatch(c -> c.trades() == -1));
    }

    @Test
    void shouldMakeCandlesOfTradesWhereThereAreSome() throws IOException {
        write("XBTUSD.csv", (T0 + 1) + ",10,1\n" + (T0 + 59) + ",12,1\n" + (T0 + 130) + ",11,2\n");
        write("XBTUSD_1.csv", T0 + ",99,99,99,99,2.5,4\n");
        List<Candle> candles = all(HistoryFiles.discover(directory).candles(BTC));
        assertEquals(
                List.of(12.0, 12.0, 11.0), candles.stream().map(Candle::close).toList());
        assertEquals(
                List.of(Quality.COMPLETE, Quality.EMPTY, Quality.COMPLETE),
                candles.stream().map(Candle::quality).toList());
    }

    @Test
    void shouldTellRecordingsApart() throws IOException {
        write("XBTUSD.csv", T0 + ",10,1\n");
        String before = HistoryFiles.discover(directory).fingerprint();
        assertEquals(before, HistoryFiles.discover(directory).fingerprint());
        write("XBTUSD.csv", T0 + ",11,1\n");
        assertNotEquals(before, HistoryFiles.discover(directory).fingerprint());
    }

    @Test
    void shouldReadEveryRecordingThatWeHave() throws IOException {
        Map<String, Long> absentMinutes =
                Map.of("2021-03-btc", 434L, "2021-08-eth", 270L, "2021-01-xrp", 160L, "2023-01", 2L);
        try (Stream<Path> folders = Files.list(SharedData.at("history"))) {
            for (Path folder : folders.sorted().toList()) {
                HistoryFiles files = HistoryFiles.discover(folder);
                long empty = 0;
                for (Symbol symbol : files.symbols()) {
                    List<Candle> candles = all(files.candles(symbol));
                    assertTrue(candles.size() > 20 * 1440, folder + " " + symbol + " " + candles.size());
                    assertEquals(-1, candles.get(0).trades(), folder.toString());
                    empty += candles.stream()
                            .filter(c -> c.quality() == Quality.EMPTY)
                            .count();
                }
                String name = folder.getFileName().toString();
                assertEquals(absentMinutes.getOrDefault(name, 0L), empty, name);
                assertEquals("no problems", files.problems().summary(), name);
            }
        }
    }

    @Test
    void shouldReadKrakensOwnDownload() {
        HistoryFiles files = HistoryFiles.discover(SharedData.at("trades/kraken-official-format"));
        Symbol pair = Symbol.parse("BCH/EUR");
        assertEquals(148, all(files.trades(pair)).size());
    }

    private List<String> tradeLines(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(T0 + i + ",5,1");
        }
        return lines;
    }

    static <T> List<T> all(HistoryReader<T> reader) {
        List<T> all = new ArrayList<>();
        try (reader) {
            reader.forEachRemaining(all::add);
        }
        return all;
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void shouldReadGzip() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("XBTUSD.csv.gz")))) {
            out.write(String.join("\n", tradeLines(30_000)).getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals(30_000, all(HistoryFiles.discover(directory).trades(BTC)).size());
    }
}
