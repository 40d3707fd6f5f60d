package tickcast.streams.exchange.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.market.Candle;
import tickcast.model.market.CandleBuilder;
import tickcast.model.market.Coverage;
import tickcast.model.market.Pace;
import tickcast.model.market.Quality;
import tickcast.model.market.Symbol;
import tickcast.model.market.Trade;
import tickcast.streams.exchange.FeedEvent;
import tickcast.streams.exchange.FeedEvent.MinutePassed;
import tickcast.streams.exchange.FeedEvent.StateChanged;
import tickcast.streams.exchange.FeedEvent.TradesArrived;
import tickcast.streams.exchange.MemoryArchive;
import tickcast.streams.exchange.SharedData;

class ReplayFeedTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Symbol BTC = Symbol.parse("BTC/USD");
    private static final Symbol ETH = Symbol.parse("ETH/USD");
    private static final Symbol SOL = Symbol.parse("SOL/USD");
    private static final long T0 = 1_700_000_040;

    @TempDir
    Path directory;

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void shouldRebuildTheExchangesOwnCandles() throws Exception {
        Path recording = directory.resolve("kraken");
        Files.createDirectory(recording);
        Files.copy(SharedData.at("trades/kraken-2023-11/XBTUSDT.csv.gz"), recording.resolve("XBTUSDT.csv.gz"));
        ReplayFeed feed = feed(recording, 0);
        Map<Instant, Candle> built = new HashMap<>();
        CandleBuilder builder = new CandleBuilder(feed.symbols().get(0));
        double lastPrice = Double.NaN;
        for (FeedEvent event : play(feed)) {
            if (event instanceof TradesArrived arrived) {
                arrived.trades().forEach(builder::add);
            } else if (event instanceof MinutePassed passed) {
                Instant openTime = passed.closeTime().minus(Candle.INTERVAL);
                Candle candle = builder.close(openTime, Coverage.SEEN, lastPrice, passed.closeTime())
                        .orElseThrow();
                lastPrice = candle.close();
                built.put(openTime, candle);
            }
        }
        int compared = 0;
        for (String line : expectedCandles()) {
            String[] row = line.split(",");
            Candle candle = built.remove(Instant.ofEpochSecond(Long.parseLong(row[0])));
            assertEquals(Quality.COMPLETE, candle.quality());
            assertEquals(Double.parseDouble(row[1]), candle.open());
            assertEquals(Double.parseDouble(row[2]), candle.high());
            assertEquals(Double.parseDouble(row[3]), candle.low());
            assertEquals(Double.parseDouble(row[4]), candle.close());
            assertEquals(Double.parseDouble(row[5]), candle.volume(), 1e-8);
            compared++;
        }
        assertEquals(5388, compared);
        assertEquals(7722 - 5388, built.size());
        assertTrue(built.values().stream().allMatch(c -> c.quality() == Quality.EMPTY));
    }

    private static List<String> expectedCandles() throws IOException {
        List<String> lines = new ArrayList<>();
        try (var in = new java.util.zip.GZIPInputStream(
                Files.newInputStream(SharedData.at("trades/kraken-2023-11/XBTUSDT.expected-candles.csv.gz")))) {
            new String(in.readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                    .lines()
                    .forEach(lines::add);
        }
        return lines;
    }

    @Test
    void shouldMergeSymbolsByTimeAndEndAfterTheLastMinute() throws Exception {
        writeThreeSymbols();
        List<FeedEvent> events = play(feed(directory, 0));
        assertEquals(FeedState.CATCHING_UP, ((StateChanged) events.get(0)).state());
        assertEquals(FeedState.ENDED, ((StateChanged) events.get(events.size() - 1)).state());
        List<Trade> trades = trades(events);
        assertEquals(
                List.of(BTC, ETH, BTC, ETH, ETH),
                trades.stream().map(Trade::symbol).toList());
        List<MinutePassed> minutes = minutes(events);
        assertEquals(
                List.of(T0 + 60, T0 + 120, T0 + 180, T0 + 240),
                minutes.stream().map(m -> m.closeTime().getEpochSecond()).toList());
        assertTrue(minutes.stream().allMatch(m -> m.pace() == Pace.EVENT && m.alive()));
    }

    @Test
    void shouldCarryCandlesOfFilesThatHaveNoTrades() throws Exception {
        writeThreeSymbols();
        List<MinutePassed> minutes = minutes(play(feed(directory, 0)));
        assertEquals(Set.of(SOL), minutes.get(0).unsure());
        assertEquals(5, minutes.get(1).candles().get(0).close());
        assertEquals(Set.of(), minutes.get(1).unsure());
        assertEquals(Quality.EMPTY, minutes.get(2).candles().get(0).quality());
        assertEquals(6, minutes.get(3).candles().get(0).close());
    }

    @Test
    void shouldPlayTheSameAtEverySpeed() throws Exception {
        writeThreeSymbols();
        List<FeedEvent> unhurried = play(feed(directory, 0));
        for (double speed : new double[] {400, 2000, 1e6}) {
            List<FeedEvent> events = play(feed(directory, speed));
            assertEquals(withoutBatches(unhurried), withoutBatches(events));
        }
    }

    /** Every trade and every minute in order, however trades were put together. */
    private static List<Object> withoutBatches(List<FeedEvent> events) {
        List<Object> all = new ArrayList<>();
        for (FeedEvent event : events) {
            if (event instanceof TradesArrived arrived) {
                all.addAll(arrived.trades());
            } else if (event instanceof MinutePassed) {
                all.add(event);
            }
        }
        return all;
    }

    @Test
    void shouldTakeTheTimeThatItsSpeedAsksFor() throws Exception {
        writeThreeSymbols();
        long before = System.nanoTime();
        play(feed(directory, 600));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        assertTrue(millis >= 390, "4 minutes at 600 took " + millis + " ms");
    }

    @Test
    void shouldGoOnFromTheLastPredictionOfTheSlowestSymbol() throws Exception {
        writeThreeSymbols();
        ReplayFeed feed = feed(directory, 0);
        MemoryArchive archive = new MemoryArchive();
        assertEquals(Instant.ofEpochSecond(T0), prepare(feed, archive));
        archive.writePredictions(
                List.of(prediction(BTC, T0 + 240), prediction(ETH, T0 + 180), prediction(SOL, T0 + 240)));
        Instant from = prepare(feed, archive);
        assertEquals(Instant.ofEpochSecond(T0 + 120), from, "the last minute is closed once more");
        List<FeedEvent> events = play(feed, from);
        assertEquals(
                List.of(ETH, ETH), trades(events).stream().map(Trade::symbol).toList());
        assertEquals(2, minutes(events).size());
    }

    @Test
    void shouldEndWithAReasonWhenTheFilesAreBad() throws Exception {
        Files.writeString(directory.resolve("XBTUSD.csv"), T0 + ",5,1\nrubbish\n" + (T0 + 1) + ",5,1\n");
        List<FeedEvent> events = play(feed(directory, 0), Instant.ofEpochSecond(T0));
        StateChanged last = (StateChanged) events.get(events.size() - 1);
        assertEquals(FeedState.ENDED, last.state());
        assertTrue(last.detail().contains("1 of 3 lines are bad"), last.detail());
    }

    @Test
    void shouldRefuseSymbolsThatTheDirectoryLacks() throws Exception {
        writeThreeSymbols();
        HistoryFiles files = HistoryFiles.discover(directory);
        List<Symbol> absent = List.of(Symbol.parse("XRP/USD"));
        assertThrows(HistoryException.class, () -> new ReplayFeed(files, absent, 0, InstantSource.system()));
    }

    @Test
    void shouldBeAMarketOfItsOwn() throws Exception {
        writeThreeSymbols();
        assertEquals("replay", feed(directory, 0).source().label());
        assertTrue(feed(directory, 0).source().key().matches("replay-[0-9a-f]{12}"));
    }

    private void writeThreeSymbols() throws IOException {
        Files.writeString(directory.resolve("XBTUSD.csv"), (T0 + 1) + ",100,1\n" + (T0 + 59) + ".999999,101,1\n");
        Files.writeString(
                directory.resolve("ETHUSD.csv"),
                (T0 + 2) + ",10,1\n" + (T0 + 130) + ",11,1\n" + (T0 + 200) + ",12,1\n");
        Files.writeString(
                directory.resolve("SOLUSD_1.csv"), (T0 + 60) + ",5,5,5,5,1,2\n" + (T0 + 180) + ",6,6,6,6,1,3\n");
    }

    private static Prediction prediction(Symbol symbol, long asOfSeconds) {
        Instant asOf = Instant.ofEpochSecond(asOfSeconds);
        return new Prediction(
                symbol,
                "replay",
                asOf,
                asOf,
                asOf.plus(Duration.ofMinutes(5)),
                1,
                Double.NaN,
                Double.NaN,
                List.of(),
                Double.NaN,
                Prediction.NAIVE,
                "",
                Status.ABSTAINED,
                Reason.WARMING,
                true,
                Double.NaN,
                new double[0]);
    }

    private static ReplayFeed feed(Path recording, double speed) {
        return new ReplayFeed(HistoryFiles.discover(recording), List.of(), speed, InstantSource.system());
    }

    private static Instant prepare(ReplayFeed feed, MemoryArchive archive) throws Exception {
        return feed.prepare(archive).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<FeedEvent> play(ReplayFeed feed) throws Exception {
        return play(feed, prepare(feed, new MemoryArchive()));
    }

    private static List<FeedEvent> play(ReplayFeed feed, Instant from) throws Exception {
        return feed.events(from)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static List<Trade> trades(List<FeedEvent> events) {
        return events.stream()
                .filter(TradesArrived.class::isInstance)
                .flatMap(e -> ((TradesArrived) e).trades().stream())
                .toList();
    }

    private static List<MinutePassed> minutes(List<FeedEvent> events) {
        return events.stream()
                .filter(MinutePassed.class::isInstance)
                .map(MinutePassed.class::cast)
                .toList();
    }
}
