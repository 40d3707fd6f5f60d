package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.error;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.minute;
import static tickcast.streams.archive.Records.vector;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.streams.archive.log.LogHouse;

/** The log as an archive, over a real Kafka, SQLite behind it, the archiver at work. */
class KafkaArchiveTest extends ArchiveContract {

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

    @BeforeEach
    void open() {
        house = new LogHouse(kit.system(), directory);
        house.open();
        house.startArchiver();
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Override
    Archive archive() {
        return house.archive();
    }

    @Test
    void shouldNeedNoStoreForAMinute() {
        await(archive().writePredictions(List.of(live(BTC, 0, "17"))));
        await(archive().candles(BTC, Page.latest(1)));
        await(archive().maturing(BTC, minute(0)));
        house.store().goAway();
        for (int i = 1; i < 20; i++) {
            List<Prediction> made = List.of(live(BTC, i, "17"));
            await(archive().writeCandles(List.of(candle(BTC, i, 0, i)), 1));
            await(archive().writeFeatures(List.of(vector(BTC, i, "a", 1))));
            assertEquals(
                    made.get(0).id(),
                    await(archive().writePredictions(made)).get(0).id());
            Prediction ripe =
                    await(archive().maturing(BTC, made.get(0).targetTime())).get(0);
            await(archive().writeErrors(List.of(error(ripe, 64001))));
            assertEquals(List.of(), await(archive().maturing(BTC, made.get(0).targetTime())));
            assertEquals(1, await(archive().candles(BTC, Page.latest(1))).size());
            assertEquals(1, await(archive().errors(BTC, Page.latest(1))).size());
            assertEquals(1, await(archive().predictions(BTC, Page.latest(1))).size());
        }
        assertThrows(RuntimeException.class, () -> await(archive().features(BTC, Page.latest(1))));
        house.store().comeBack();
        house.awaitArchived();
        assertEquals(20, await(house.store().predictions(BTC, Page.latest(100))).size());
        assertEquals(19, await(house.store().errors(BTC, Page.latest(100))).size());
    }

    @Test
    void shouldTakeAnImportInBulk() {
        List<Candle> month =
                IntStream.range(0, 40_000).mapToObj(i -> candle(BTC, i, 0, i)).toList();
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < month.size(); i += 5_000) {
            writes.add(archive().writeCandles(month.subList(i, i + 5_000)));
        }
        writes.forEach(ArchiveContract::await);
        assertEquals(month, await(archive().candles(BTC, Page.all(Instant.MIN, Instant.MAX))));
        house.awaitArchived();
        assertEquals(month, await(house.store().candles(BTC, Page.all(Instant.MIN, Instant.MAX))));
    }
}
