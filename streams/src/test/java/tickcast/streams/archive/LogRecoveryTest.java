package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.ETH;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.vector;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.log.KafkaArchive;
import tickcast.streams.archive.log.LogHouse;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaServer;
import tickcast.streams.kafka.KafkaSettings;
import tickcast.streams.kafka.RecordWriter;

/** What happens between the log and the store, on a real Kafka: kills, a store that is away, records nobody can use. */
class LogRecoveryTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);
    private static final int KILLS = 3;
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(2);
    private static ActorTestKit kit;

    @TempDir
    Path directory;

    private LogHouse house;

    @BeforeAll
    static void start() {
        kit = ActorTestKit.create();
    }

    @AfterAll
    static void stop() {
        kit.shutdownTestKit();
    }

    private LogHouse open() {
        house = new LogHouse(kit.system(), directory);
        house.open();
        return house;
    }

    @AfterEach
    void close() {
        if (house != null) {
            house.close();
        }
    }

    @Test
    void shouldLoseNothingAndStoreNothingTwiceThroughKills() throws IOException, InterruptedException {
        String servers = KafkaServer.shared().bootstrapServers();
        UUID unique = UUID.randomUUID();
        house = new LogHouse(kit.system(), directory, LogHouse.settings(servers, unique));
        Random random = new Random(4);
        int acknowledged = -1;
        for (int i = 0; i < KILLS; i++) {
            acknowledged = writeAndKill(unique, acknowledged + 1, acknowledged + 40 + random.nextInt(100));
        }
        house.open();
        house.startArchiver();
        house.awaitArchived();
        List<Candle> candles = await(house.store().candles(BTC, ALL));
        assertTrue(candles.size() > acknowledged, candles.size() + " candles, " + acknowledged + " acknowledged");
        for (int minute = 0; minute < candles.size(); minute++) {
            assertEquals(candle(BTC, minute, 0, minute), candles.get(minute));
        }
        List<Prediction> predictions = await(house.store().predictions(BTC, ALL));
        assertTrue(predictions.size() > acknowledged);
        for (int minute = 0; minute < predictions.size(); minute++) {
            assertEquals(live(BTC, minute, "17").id(), predictions.get(minute).id());
        }
        assertTrue(await(house.store().errors(BTC, ALL)).size() > acknowledged);
        assertEquals(candles, await(house.archive().candles(BTC, ALL)));
    }

    private int writeAndKill(UUID unique, int first, int enough) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        directory.toString(),
                        KafkaServer.shared().bootstrapServers(),
                        unique.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        CompletableFuture.delayedExecutor(LONGEST_LIFE.toSeconds(), TimeUnit.SECONDS)
                .execute(child::destroyForcibly); // so that reading its lines ends
        int last = first - 1;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.startsWith("minute ") ? Integer.parseInt(line.substring(7)) : last;
                if (last == enough) {
                    child.destroyForcibly();
                }
            }
        } catch (IOException | NumberFormatException e) {
            assertTrue(last >= enough, "the child ended early: " + e); // the pipe or its last line broke with the child
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertTrue(last >= enough, "the child ended after " + last);
        return last;
    }

    /** The child: writes a candle, its prediction and an error into the log, then acknowledges; archives meanwhile. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) {
            ActorTestKit kit = ActorTestKit.create();
            KafkaSettings settings = LogHouse.settings(args[1], UUID.fromString(args[2]));
            LogHouse house = new LogHouse(kit.system(), Path.of(args[0]), settings);
            house.open();
            house.startArchiver();
            Archive archive = house.archive();
            for (int minute = Integer.parseInt(args[3]); ; minute++) {
                Prediction prediction = live(BTC, minute, "17");
                await(archive.writeCandles(List.of(candle(BTC, minute, 0, minute)), 1));
                await(archive.writePredictions(List.of(prediction)));
                await(archive.writeErrors(List.of(error(prediction, 64001))));
                System.out.println("minute " + minute);
            }
        }
    }

    @Test
    void shouldFindWhatAnEarlierLifeLeftInTheLog() {
        open();
        await(house.archive().writeCandles(List.of(candle(BTC, 0, 0, 1)), 7));
        await(house.archive().writePredictions(List.of(live(BTC, 0, "17"))));
        house.archive().close();
        house.open();
        assertEquals(List.of(candle(BTC, 0, 0, 1)), await(house.archive().candles(BTC, ALL)));
        List<Prediction> answer = await(house.archive().writePredictions(List.of(live(BTC, 0, "18"))));
        assertEquals("17", answer.get(0).modelVersion(), "the first one wins, from whichever life");
        assertEquals(List.of(), await(house.store().predictions(BTC, ALL)), "the store knows nothing yet");
        house.startArchiver();
        house.awaitArchived();
        assertEquals("17", await(house.store().predictions(BTC, ALL)).get(0).modelVersion());
    }

    @Test
    void shouldTellAnotherStoreAllThatTheLogHas(@TempDir Path another) {
        open();
        house.startArchiver();
        await(house.archive().writeCandles(List.of(candle(BTC, 0, 0, 1)), 7));
        house.awaitArchived();
        house.stopArchiver();
        house.archive().close();
        house.open(EmbeddedArchive.open(another, MarketSource.KRAKEN), KafkaArchive.Memory.USUAL);
        assertEquals(List.of(candle(BTC, 0, 0, 1)), await(house.archive().candles(BTC, ALL)));
        house.startArchiver();
        await(house.archive().writeCandles(List.of(candle(BTC, 1, 0, 2)), 7));
        house.awaitArchived();
        assertEquals(2, await(house.store().candles(BTC, ALL)).size());
    }

    @Test
    void shouldWaitForAKafkaWhoseNameNobodyKnowsYet() {
        KafkaSettings nowhere = LogHouse.settings("no-such-host.invalid:9092", UUID.randomUUID());
        KafkaArchive archive = KafkaArchive.open(
                nowhere,
                MarketSource.KRAKEN,
                EmbeddedArchive.open(directory, MarketSource.KRAKEN),
                KafkaArchive.Memory.USUAL,
                new SimpleMeterRegistry());
        CompletionStage<Void> written = archive.writeCandles(List.of(candle(BTC, 0, 0, 1)), 1);
        Throwable notReady = assertThrows(RuntimeException.class, () -> await(archive.probe()));
        assertTrue(notReady.getCause() instanceof Archive.ArchiveUnavailable, notReady::toString);
        assertFalse(written.toCompletableFuture().isDone());
        archive.close();
    }

    @Test
    void shouldLetTheLogsOrderDecideBetweenTwoNodes() {
        open();
        KafkaArchive other = KafkaArchive.open(
                house.settings(),
                MarketSource.KRAKEN,
                house.store(),
                KafkaArchive.Memory.USUAL,
                new SimpleMeterRegistry());
        for (int i = 0; i < 20; i++) {
            CompletionStage<List<Prediction>> mine = house.archive().writePredictions(List.of(live(BTC, i, "1")));
            CompletionStage<List<Prediction>> theirs = other.writePredictions(List.of(live(BTC, i, "2")));
            assertEquals(await(mine).get(0).id(), await(theirs).get(0).id());
        }
        other.close();
        house.open(); // the other one has closed the store
    }

    @Test
    void shouldKeepEverythingInBoundedMemoryWhileTheStoreIsAway() {
        house = new LogHouse(kit.system(), directory);
        house.open(new KafkaArchive.Memory(4, 100_000));
        house.startArchiver();
        await(house.archive().candles(BTC, Page.latest(1)));
        house.store().goAway();
        for (int i = 0; i < 2_000; i += 100) {
            List<Candle> candles = IntStream.range(i, i + 100)
                    .mapToObj(n -> candle(BTC, n, 0, n))
                    .toList();
            await(house.archive().writeCandles(candles, 1));
            await(house.archive().writeFeatures(List.of(vector(BTC, i, "a", new double[100]))));
        }
        assertEquals(100_000, house.pendingBytes(), 2_000.0, "the bound is used and kept");
        assertEquals(
                candle(BTC, 1_999, 0, 1_999),
                await(house.archive().candles(BTC, Page.latest(1))).get(0));
        Throwable lagging =
                assertThrows(RuntimeException.class, () -> await(house.archive().candles(BTC, ALL)));
        assertTrue(lagging.getCause() instanceof Archive.ArchiveUnavailable, lagging::toString);
        awaitTrouble();
        house.store().comeBack();
        house.awaitArchived();
        assertEquals(2_000, await(house.store().candles(BTC, ALL)).size());
        assertEquals(2_000, await(house.archive().candles(BTC, ALL)).size());
        assertEquals(20, await(house.archive().features(BTC, ALL)).size());
        assertEquals("", house.archiver().trouble());
        assertEquals(0, house.pendingBytes());
    }

    @Test
    void shouldSayThatTheStoreIsAwayAlsoBeforeItHasWrittenAnything() {
        open();
        await(house.archive().candles(BTC, Page.latest(1)));
        house.store().goAway();
        house.startArchiver();
        await(house.archive().writeCandles(List.of(candle(BTC, 0, 0, 1)), 1));
        awaitTrouble();

        house.store().comeBack();
        house.awaitArchived();
        assertEquals(1, await(house.store().candles(BTC, ALL)).size());
        assertEquals("", house.archiver().trouble());
    }

    private void awaitTrouble() {
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            String trouble = house.archiver().trouble();
            assertTrue(trouble.contains("the log keeps everything"), trouble);
            return trouble;
        });
    }

    @Test
    void shouldPutAsideWhatNobodyCanUseAndGoOn() {
        open();
        house.store().refuse(candle -> candle.openTime().equals(minute(3)));
        house.startArchiver();
        try (RecordWriter stranger = new RecordWriter(house.settings(), "stranger", new SimpleMeterRegistry())) {
            String topic = house.settings().name(BusTopic.CANDLES);
            await(stranger.write(List.of(
                    new ProducerRecord<>(topic, "BTC/USD", "{\"v\":1".getBytes(StandardCharsets.UTF_8)),
                    new ProducerRecord<>(topic, "BTC/USD", null),
                    new ProducerRecord<>(topic, null, new byte[] {0, 1, (byte) 0xff}))));
        }
        List<Candle> candles =
                IntStream.range(0, 10).mapToObj(i -> candle(BTC, i, 0, i)).toList();
        await(house.archive().writeCandles(candles, 1));
        await(house.archive().writeCandles(List.of(candle(ETH, 0, 0, 1)), 1));
        house.awaitArchived();
        assertEquals(9, await(house.store().candles(BTC, ALL)).size());
        assertEquals(1, await(house.store().candles(ETH, ALL)).size());
        List<String> reasons = house.rejectedReasons(4);
        assertTrue(
                reasons.stream().anyMatch(reason -> reason.contains("the store dislikes a candle")), reasons::toString);
        assertEquals(
                3,
                reasons.stream().filter(reason -> !reason.contains("dislikes")).count());
    }
}
