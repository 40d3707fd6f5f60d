package tickcast.streams.exchange.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.feature.FeatureSchema;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Interval;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.streams.exchange.MemoryArchive;
import tickcast.streams.exchange.replay.Export.Format;
import tickcast.streams.exchange.replay.Export.Kind;

class ImportAndExportTest {

    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Instant ASOF = Instant.parse("2026-01-05T12:00:00Z");
    private static final long T0 = 1_700_000_040;

    @TempDir
    Path directory;

    private final MemoryArchive archive = new MemoryArchive();

    @Test
    void shouldImportEveryMinuteAndSayWhatCameOfIt() throws IOException {
        StringBuilder rows = new StringBuilder("bad line\n");
        for (int i = 0; i < 12_000; i += i == 99 ? 6 : 1) {
            rows.append(T0 + 60L * i).append(",10,10,10,10,").append(1 + i % 7).append(",3\n");
        }
        Files.writeString(directory.resolve("XBTUSD_1.csv"), rows);
        HistoryFiles files = HistoryFiles.discover(directory);
        List<Long> progress = new ArrayList<>();
        HistoryImport.Summary summary =
                new HistoryImport(files, archive).run(List.of(), (symbol, candles, reached) -> progress.add(candles));
        assertEquals(12_000, summary.candles());
        assertEquals(5, summary.empty());
        assertEquals(1, summary.badLines());
        assertEquals(11_996, summary.lines());
        assertEquals(Instant.ofEpochSecond(T0), summary.bySymbol().get(0).from());
        assertEquals(List.of(5000L, 10_000L, 12_000L), progress);
        assertEquals(
                12_000,
                archive.candles(BTC, Page.all(Instant.MIN, Instant.MAX))
                        .toCompletableFuture()
                        .join()
                        .size());
    }

    @Test
    void shouldExportCandlesInTheWordsOfTheContract() throws IOException {
        Candle candle = new Candle(
                BTC,
                ASOF.minusSeconds(60),
                63990.2,
                64010,
                63988.1,
                64000.1,
                1.2345e-5,
                1,
                1,
                -1,
                1,
                1,
                Quality.COMPLETE,
                0,
                ASOF,
                false);
        archive.writeCandles(List.of(candle));
        assertEquals(
                "{\"symbol\":\"BTC/USD\",\"source\":\"kraken\",\"openTime\":\"2026-01-05T11:59:00.000Z\","
                        + "\"closeTime\":\"2026-01-05T12:00:00.000Z\",\"open\":63990.2,\"high\":64010.0,\"low\":63988.1,"
                        + "\"close\":64000.1,\"volume\":0.000012345,\"trades\":null,\"quality\":\"COMPLETE\","
                        + "\"revision\":0}\n",
                export(Kind.CANDLES, Format.JSON_LINES));
        assertEquals("""
                symbol,source,openTime,closeTime,open,high,low,close,volume,trades,quality,revision
                BTC/USD,kraken,2026-01-05T11:59:00.000Z,2026-01-05T12:00:00.000Z,63990.2,64010.0,63988.1,64000.1,0.000012345,,COMPLETE,0
                """, export(Kind.CANDLES, Format.CSV));
    }

    @Test
    void shouldExportPredictionsWithAndWithoutFigures() throws IOException {
        archive.writePredictions(List.of(abstained(), live()));
        assertEquals("""
                id,symbol,source,asOf,madeAt,targetTime,lastPrice,predictedPrice,expectedReturn,low80,high80,low95,high95,probabilityUp,modelVersion,schemaHash,status,reason
                BTC/USD|2026-01-05T12:04:00.000Z|naive,BTC/USD,kraken,2026-01-05T11:59:00.000Z,2026-01-05T11:59:00.000Z,2026-01-05T12:04:00.000Z,64000.1,,,,,,,,naive,h,ABSTAINED,GAP
                BTC/USD|2026-01-05T12:05:00.000Z|17,BTC/USD,kraken,2026-01-05T12:00:00.000Z,2026-01-05T12:00:00.000Z,2026-01-05T12:05:00.000Z,64000.1,64004.7,0.0000719,63941.0,64066.2,63890.4,64117.9,0.524,17,h,LIVE,
                """, export(Kind.PREDICTIONS, Format.CSV));
        String json = export(Kind.PREDICTIONS, Format.JSON_LINES);
        assertTrue(
                json.contains("\"intervals\":[{\"coverage\":0.8,\"low\":63941.0,\"high\":64066.2},{\"coverage\":0.95,"),
                json);
        assertTrue(json.contains("\"status\":\"LIVE\",\"reason\":null}\n"), json);
        assertEquals(2, json.lines().count());
    }

    @Test
    void shouldExportErrors() throws IOException {
        Candle target = Candle.empty(BTC, ASOF.plusSeconds(240), 64070, ASOF.plusSeconds(300));
        archive.writeErrors(List.of(PredictionError.mature(live(), target, ASOF.plusSeconds(300))));
        String json = export(Kind.ERRORS, Format.JSON_LINES);
        assertTrue(json.contains("\"scored\":true,\"reason\":null"), json);
        assertTrue(json.contains("\"actualPrice\":64070.0"), json);
        assertTrue(json.contains("\"high\":64066.2,\"inside\":false}"), json);
        String header = export(Kind.ERRORS, Format.CSV).lines().findFirst().orElseThrow();
        assertTrue(header.contains("low80,high80,inside80,low95,high95,inside95"), header);
    }

    @Test
    void shouldExportFeaturesByName() throws IOException {
        FeatureSchema schema = FeatureSchema.current();
        double[] values = new double[schema.size()];
        Arrays.fill(values, Double.NaN);
        values[1] = 0.25;
        archive.writeFeatures(List.of(
                new FeatureVector(BTC, ASOF, ASOF, schema.hash(), values, 64000.1, 5e-4, "ETH/USD,XRP/USD"),
                new FeatureVector(BTC, ASOF.plusSeconds(60), ASOF, "older", new double[2], 64000.1, 5e-4, "")));
        String json = export(Kind.FEATURES, Format.JSON_LINES);
        assertTrue(json.contains("\"" + schema.names().get(1) + "\":0.25"), json);
        assertTrue(json.contains("\"" + schema.names().get(0) + "\":null"), json);
        assertTrue(json.contains("\"values\":{\"f0\":0.0,\"f1\":0.0}"), json);
        String csv = export(Kind.FEATURES, Format.CSV);
        assertEquals(2, csv.lines().count(), "a vector of another schema has no place under this header");
    }

    @Test
    void shouldWriteTheHeaderWhenThereIsNoRecord() throws IOException {
        Map<Kind, String> empty = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            empty.put(kind, export(kind, Format.CSV));
            assertEquals("", export(kind, Format.JSON_LINES));
        }
        archive.writeCandles(List.of(Candle.empty(BTC, ASOF, 5, ASOF)));
        archive.writePredictions(List.of(live()));
        Candle target = Candle.empty(BTC, ASOF.plusSeconds(240), 64070, ASOF.plusSeconds(300));
        archive.writeErrors(List.of(PredictionError.mature(live(), target, ASOF.plusSeconds(300))));
        FeatureSchema schema = FeatureSchema.current();
        archive.writeFeatures(List.of(
                new FeatureVector(BTC, ASOF, ASOF, schema.hash(), new double[schema.size()], 64000.1, 5e-4, "")));
        for (Kind kind : Kind.values()) {
            String header = export(kind, Format.CSV).lines().findFirst().orElseThrow();
            assertEquals(header + "\n", empty.get(kind), kind + " as with records");
        }
    }

    @Test
    void shouldPageThroughLongRanges() throws IOException {
        List<Candle> candles = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            candles.add(Candle.empty(BTC, ASOF.plusSeconds(60L * i), 5, ASOF));
        }
        archive.writeCandles(candles);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Long> progress = new ArrayList<>();
        long rows = new Export(archive, MarketSource.KRAKEN)
                .write(
                        Kind.CANDLES,
                        Format.CSV,
                        List.of(BTC),
                        ASOF.plusSeconds(60),
                        ASOF.plusSeconds(60 * 2400),
                        out,
                        progress::add);
        assertEquals(2399, rows);
        assertEquals(2400, out.toString(StandardCharsets.UTF_8).lines().count());
        assertEquals(List.of(1000L, 2000L, 2399L), progress);
    }

    private String export(Kind kind, Format format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Export(archive, MarketSource.KRAKEN)
                .write(kind, format, List.of(BTC), Instant.MIN, Instant.MAX, out, rows -> {});
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Prediction live() {
        return new Prediction(
                BTC,
                "kraken",
                ASOF,
                ASOF,
                ASOF.plusSeconds(300),
                64000.1,
                64004.7,
                0.0000719,
                List.of(new Interval(0.8, 63941.0, 64066.2), new Interval(0.95, 63890.4, 64117.9)),
                0.524,
                "17",
                "h",
                Status.LIVE,
                null,
                true,
                5e-4,
                new double[0]);
    }

    private static Prediction abstained() {
        return new Prediction(
                BTC,
                "kraken",
                ASOF.minusSeconds(60),
                ASOF.minusSeconds(60),
                ASOF.plusSeconds(240),
                64000.1,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                Prediction.NAIVE,
                "h",
                Status.ABSTAINED,
                Reason.GAP,
                true,
                Double.NaN,
                new double[0]);
    }
}
