package tickcast.streams.exchange.kraken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;
import tickcast.model.market.Quality;
import tickcast.model.market.Side;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.kraken.KrakenRestException.Kind;

class RestAnswersTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Path ROOT =
            Path.of(System.getProperty("tickcast.root", "..")).resolve("../shared/data/kraken-rest");

    @BeforeAll
    static void needsSharedData() {
        Assumptions.assumeTrue(Files.isDirectory(ROOT), "shared data is absent: " + ROOT);
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(ROOT.resolve(name));
    }

    @Test
    void shouldReadTradesOfSevenColumnsUnderTheNewName() throws IOException {
        TradesPage page = RestAnswers.trades(BTC, file("captured_20260925_trades_BTCUSD.json"));
        assertEquals(
                List.of(
                        new Trade(BTC, 109118758, 1790359840939291L, 83930.3, 5.1e-05, Side.SELL),
                        new Trade(BTC, 109118759, 1790359841138228L, 83928.0, 0.00044682, Side.BUY),
                        new Trade(BTC, 109118760, 1790359841138228L, 83935.4, 0.00551352, Side.BUY)),
                page.trades());
        assertEquals(1790359841138228746L, page.lastNanos());
        assertFalse(page.full());
        assertEquals(0, page.malformed());
    }

    @Test
    void shouldReadTradesOfSixColumnsUnderTheOldName() throws IOException {
        TradesPage page = RestAnswers.trades(BTC, file("xchange_trades.json"));
        assertEquals(0, page.malformed());
        assertTrue(page.trades().size() > 5);
        assertTrue(page.trades().stream().allMatch(trade -> trade.id() == -1 && trade.side() == Side.SELL));
        assertEquals(1385579841777400L, page.trades().get(0).timeMicros());
    }

    @Test
    void shouldLeaveTheUncommittedCandleOut() throws IOException {
        RestAnswers.Ohlc old = RestAnswers.ohlc(BTC, file("xchange_ohlc.json"));
        assertEquals(0, old.malformed());
        HistoryCandle last = old.candles().get(old.candles().size() - 1);
        assertEquals(1502445600, last.openTime().getEpochSecond());
        Candle candle = last.toCandle(BTC);
        assertEquals(Quality.REPAIRED, candle.quality());
        assertEquals(3532.565 * 4.55205801, candle.notional());
        assertTrue(Double.isNaN(candle.buyVolume()) && candle.imported() && candle.lastTradeId() == -1);
        RestAnswers.Ohlc hours = RestAnswers.ohlc(BTC, file("captured_20260925_ohlc_60m_BTCUSD.json"));
        assertEquals(3, hours.candles().size());
        assertFalse(RestAnswers.ohlc(BTC, file("captured_20261006_ohlc_1m_BTCUSD_trimmed.json"))
                .candles()
                .isEmpty());
    }

    @Test
    void shouldSortEveryErrorEnvelope() throws IOException {
        Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
        for (String line : Files.readAllLines(ROOT.resolve("error_envelopes.jsonl"))) {
            KrakenRestException error = assertThrows(
                    KrakenRestException.class,
                    () -> RestAnswers.trades(BTC, line.getBytes(StandardCharsets.UTF_8)),
                    line);
            kinds.merge(error.kind(), 1, Integer::sum);
        }
        assertEquals(Map.of(Kind.RATE_LIMITED, 3, Kind.UNAVAILABLE, 3, Kind.REFUSED, 11), kinds);
    }

    @Test
    void shouldReadOrRefuseEveryRecordedFileWithoutDying() throws IOException {
        try (Stream<Path> files = Files.list(ROOT)) {
            for (Path path :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                assertReadOrRefused(() -> RestAnswers.trades(BTC, bytes));
                assertReadOrRefused(() -> RestAnswers.ohlc(BTC, bytes));
                for (int cut : List.of(0, 1, bytes.length / 2, bytes.length - 2)) {
                    byte[] torn = java.util.Arrays.copyOf(bytes, cut);
                    assertThrows(KrakenRestException.class, () -> RestAnswers.trades(BTC, torn));
                }
            }
        }
    }

    private static void assertReadOrRefused(Runnable reading) {
        try {
            reading.run();
        } catch (KrakenRestException refused) {
            assertEquals(Kind.MALFORMED, refused.kind());
        }
    }

    @Test
    void shouldLetABadRowCostOnlyItself() {
        String answer =
                "{\"error\":[\"WGeneral:Something\"],\"result\":{\"XXBTZUSD\":[[\"1.5\",\"2\",1790359840.5,\"b\",\"l\",\"\",7],"
                        + "[\"x\",\"2\",1790359840.5,\"b\",\"l\",\"\",8],[],7,[\"-1\",\"2\",1790359840.5,\"b\",\"l\",\"\",9],"
                        + "[\"1\",\"2\",{},\"b\",\"l\",\"\",9]],\"last\":\"1790359840500000000\"}}";
        TradesPage page = RestAnswers.trades(BTC, answer.getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(7L), page.trades().stream().map(Trade::id).toList());
        assertEquals(5, page.malformed());
    }
}
