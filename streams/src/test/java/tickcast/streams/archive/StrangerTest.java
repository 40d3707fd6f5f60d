package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tickcast.streams.archive.ArchiveContract.await;
import static tickcast.streams.archive.Records.BTC;
import static tickcast.streams.archive.Records.ETH;
import static tickcast.streams.archive.Records.abstained;
import static tickcast.streams.archive.Records.candle;
import static tickcast.streams.archive.Records.fallback;
import static tickcast.streams.archive.Records.live;
import static tickcast.streams.archive.Records.shadow;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.archive.Archive;
import tickcast.model.archive.Page;
import tickcast.model.forecast.Prediction;
import tickcast.model.market.Candle;
import tickcast.model.market.Symbol;
import tickcast.model.market.Times;
import tickcast.streams.archive.log.LogHouse;
import tickcast.streams.kafka.BusTopic;
import tickcast.streams.kafka.KafkaServer;

/** Whoever reads the topics by the written description alone finds what the archive says. */
class StrangerTest {

    private static final Page ALL = Page.all(Instant.MIN, Instant.MAX);

    @TempDir
    Path directory;

    @Test
    void shouldBeUnderstoodByTheWrittenDescriptionAlone() throws IOException {
        ActorTestKit kit = ActorTestKit.create();
        try (LogHouse house = new LogHouse(kit.system(), directory)) {
            house.open();
            house.startArchiver();
            write(house.archive());
            house.awaitArchived();
            Stranger stranger = new Stranger(KafkaServer.shared().bootstrapServers(), "kraken");
            Map<String, JsonNode> predictions =
                    stranger.published(house.settings().name(BusTopic.PREDICTIONS));
            List<Prediction> archived = new ArrayList<>(await(house.store().predictions(BTC, ALL)));
            archived.addAll(await(house.store().predictions(ETH, ALL)));
            assertTrue(archived.size() >= 43, archived.size() + " predictions");
            assertEquals(archived.size(), predictions.size());
            archived.forEach(
                    expected -> assertSame(expected, predictions.get(key(expected.symbol(), expected.asOf()))));
            assertCandles(house, stranger.candles(house.settings().name(BusTopic.CANDLES)));
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static void write(Archive archive) {
        for (int i = 0; i < 40; i++) {
            await(archive.writeCandles(List.of(candle(BTC, i, 0, i + 0.1), candle(ETH, i, 0, i)), 5));
            await(archive.writePredictions(List.of(shadow(BTC, i, "16"), live(BTC, i, "17"))));
        }
        await(archive.writePredictions(List.of(live(BTC, 3, "18"), fallback(ETH, 0), abstained(ETH, 1))));
        await(archive.writePredictions(List.of(shadow(ETH, 2, "16"))));
        await(archive.writePredictions(List.of(live(ETH, 2, "16"))));
        await(archive.writeCandles(List.of(candle(BTC, 7, 1, 777), candle(BTC, 8, 0, 888)), 5));
        await(archive.writeCandles(List.of(candle(BTC, 9, 3, 999)), 4));
        await(archive.writeCandles(List.of(candle(BTC, 10, 0, 1010)), 6));
    }

    private static String key(Symbol symbol, Instant time) {
        return symbol.name() + " " + Times.iso(time);
    }

    private static void assertSame(Prediction expected, JsonNode read) {
        assertEquals(expected.id(), read.get("id").asText());
        assertEquals(Times.iso(expected.targetTime()), read.get("targetTime").asText());
        assertEquals(expected.modelVersion(), read.get("modelVersion").asText());
        assertEquals(expected.status().name(), read.get("status").asText());
        assertNumber(expected.predictedPrice(), read.get("predictedPrice"));
        assertNumber(expected.expectedReturn(), read.get("expectedReturn"));
        assertNumber(expected.probabilityUp(), read.get("probabilityUp"));
        assertEquals(expected.intervals().size(), read.get("intervals").size());
        for (int i = 0; i < expected.intervals().size(); i++) {
            assertNumber(
                    expected.intervals().get(i).low(),
                    read.get("intervals").get(i).get("low"));
            assertNumber(
                    expected.intervals().get(i).high(),
                    read.get("intervals").get(i).get("high"));
        }
    }

    private static void assertCandles(LogHouse house, Map<String, JsonNode> read) {
        List<Candle> archived = new ArrayList<>(await(house.store().candles(BTC, ALL)));
        archived.addAll(await(house.store().candles(ETH, ALL)));
        assertEquals(archived.size(), read.size());
        for (Candle expected : archived) {
            JsonNode row = read.get(key(expected.symbol(), expected.openTime()));
            assertEquals(expected.revision(), row.get("revision").asInt());
            assertEquals(expected.firstTradeId(), row.get("firstTradeId").asLong());
            assertNumber(expected.close(), row.get("close"));
        }
    }

    private static void assertNumber(double expected, JsonNode read) {
        assertEquals(expected, read.isNull() ? Double.NaN : read.asDouble());
    }
}
