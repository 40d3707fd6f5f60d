package tickcast.streams.archive;

import static tickcast.streams.archive.Records.NOON;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.vector;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Page;
import tickcast.model.evaluation.ErrorTotals;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.model.market.Symbol;
import tickcast.streams.elasticsearch.ElasticsearchArchive;
import tickcast.streams.elasticsearch.Sandbox;

/** What a minute costs in Elasticsearch, and a start. Prints figures. */
@Tag("bench")
class ElasticsearchArchiveBenchTest {

    private static final int SYMBOLS = Integer.getInteger("tickcast.bench.symbols", 200);
    private static final int DAYS_MINUTES = 2 * 1440;

    @TempDir
    Path directory;

    @Test
    void shouldPrintWhatAMinuteAndAStartCost() {
        try (Sandbox sandbox = Sandbox.inSharedServer("bench");
                ElasticsearchArchive archive = ElasticsearchArchive.open(
                        sandbox.settings(),
                        MarketSource.KRAKEN,
                        DeadLetterFile.below(directory, MarketSource.KRAKEN),
                        new SimpleMeterRegistry())) {
            archive.awaitReady(Duration.ofSeconds(60));
            minutes(archive);
            start(archive);
        }
    }

    @Test
    void shouldPrintWhatAScoreboardCosts() {
        try (Sandbox sandbox = Sandbox.inSharedServer("board");
                ElasticsearchArchive archive = ElasticsearchArchive.open(
                        sandbox.settings(),
                        MarketSource.KRAKEN,
                        DeadLetterFile.below(directory, MarketSource.KRAKEN),
                        new SimpleMeterRegistry())) {
            archive.awaitReady(Duration.ofSeconds(60));
            List<Symbol> symbols = symbols(Integer.getInteger("tickcast.bench.board.symbols", 20));
            int week = 7 * 1440;
            for (Symbol symbol : symbols) {
                for (int from = -week; from < 0; from += 2000) {
                    ArchiveContract.await(
                            archive.writeErrors(new RandomErrors().published(symbol, from, Math.min(0, from + 2000))));
                }
            }
            Instant from = minute(-week);
            for (int i = 0; i < 3; i++) {
                long begun = System.nanoTime();
                ErrorTotals added = ArchiveContract.await(archive.errorTotals(symbols, from, minute(10)));
                double adding = (System.nanoTime() - begun) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%,d sums by the server in %.1f s%n",
                        added.sums().size(),
                        adding);
            }
            read(archive, symbols, from);
        }
    }

    /** One symbol after the other, all kept: what a scoreboard of the errors themselves needs. */
    private static void read(ElasticsearchArchive archive, List<Symbol> symbols, Instant from) {
        long before = heldMebibytes();
        long begun = System.nanoTime();
        List<PredictionError> errors = new ArrayList<>();
        for (Symbol symbol : symbols) {
            errors.addAll(ArchiveContract.await(archive.allErrors(symbol, Page.all(from, minute(10)))));
        }
        double reading = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d errors of %d symbols read in %.1f s, %d MiB held%n",
                errors.size(),
                symbols.size(),
                reading,
                heldMebibytes() - before);
        java.lang.ref.Reference.reachabilityFence(errors);
    }

    private static long heldMebibytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }

    private static void minutes(ElasticsearchArchive archive) {
        List<Symbol> symbols = symbols(4);
        double[] values = IntStream.range(0, 120).mapToDouble(i -> i / 7.0).toArray();
        double[] millis = new double[400];
        for (int i = 0; i < millis.length; i++) {
            int minute = i;
            long begun = System.nanoTime();
            all(symbols, symbol -> archive.writeCandles(List.of(candle(symbol, minute, 0, 1)), 1));
            ArchiveContract.await(archive.writeFeatures(symbols.stream()
                    .map(symbol -> vector(symbol, minute + 1, "a", values))
                    .toList()));
            List<Prediction> made = new ArrayList<>();
            symbols.forEach(symbol -> made.add(live(symbol, minute + 1, "17")));
            symbols.forEach(symbol -> made.add(Records.shadow(symbol, minute + 1, "16")));
            ArchiveContract.await(archive.writePredictions(made));
            millis[i] = (System.nanoTime() - begun) / 1e6;
            Instant due = minute(minute + 1);
            all(
                    symbols,
                    symbol -> archive.maturing(symbol, due)
                            .thenCompose(waiting -> archive.writeErrors(waiting.stream()
                                    .map(prediction -> error(prediction, 1))
                                    .toList())));
        }
        double[] warm = Arrays.copyOfRange(millis, 100, millis.length);
        Arrays.sort(warm);
        System.out.printf(
                Locale.ROOT,
                "a minute of 4 symbols, candles + vectors + predictions written: p50 %.1f ms, p99 %.1f ms%n",
                warm[warm.length / 2],
                warm[warm.length * 99 / 100]);
    }

    private static void start(ElasticsearchArchive archive) {
        List<Symbol> symbols = symbols(SYMBOLS);
        long begun = System.nanoTime();
        for (Symbol symbol : symbols) {
            List<Candle> candles = IntStream.range(0, DAYS_MINUTES)
                    .mapToObj(i -> candle(symbol, i - DAYS_MINUTES, 0, i))
                    .toList();
            ArchiveContract.await(archive.writeCandles(candles, 1));
        }
        double wrote = (System.nanoTime() - begun) / 1e9;
        begun = System.nanoTime();
        Instant from = NOON.minus(Duration.ofMinutes(DAYS_MINUTES));
        long[] read = new long[1];
        all(
                symbols,
                symbol -> archive.candles(symbol, Page.all(from, NOON)).thenAccept(candles -> {
                    synchronized (read) {
                        read[0] += candles.size();
                    }
                }));
        double took = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%,d candles of %d symbols: written in %.1f s, read in %.1f s%n",
                read[0],
                SYMBOLS,
                wrote,
                took);
    }

    private static List<Symbol> symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Symbol.parse("C" + (100 + i) + "/USD"))
                .toList();
    }

    private static void all(List<Symbol> symbols, java.util.function.Function<Symbol, CompletionStage<?>> work) {
        List<CompletionStage<?>> stages = new ArrayList<>();
        symbols.forEach(symbol -> stages.add(work.apply(symbol)));
        stages.forEach(ArchiveContract::await);
    }
}
