package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.market.Candle;

/** Whatever the page size, pages put together are the whole list: nothing lost, nothing twice. */
class PagingTest {

    private static TestServer server;
    private static int candles;
    private static int headlines;

    @BeforeAll
    static void start() {
        MemoryArchive archive = new MemoryArchive();
        Random random = new Random(7);
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(4) > 0) {
                archive.writeCandles(List.of(Sample.candle(Sample.BTC, -i)));
                candles++;
            }
        }
        // Bursts of headlines share a millisecond, as those of one fetch do, or nearly so.
        for (int burst = 0; burst < 30; burst++) {
            for (int i = random.nextInt(12); i >= 0; i--) {
                archive.writeSentiment(List.of(Sample.sentiment(
                        "BTC/USD", burst + "-" + i, Sample.minute(burst).plusNanos(random.nextInt(3) * 400_000L))));
                headlines++;
            }
        }
        server = new TestServer(TestServer.settings(), archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> pages(String list, String query, String idField, boolean forward) {
        List<String> all = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 1000; page++) {
            JsonNode answer = server.json("/api/v1/symbols/BTC-USD/" + list + "?" + query + cursor);
            List<String> ids = new ArrayList<>();
            answer.path("data").forEach(item -> ids.add(item.path(idField).asText()));
            all.addAll(forward ? all.size() : 0, ids);
            if (answer.path("next").isNull()) {
                return all;
            }
            cursor = "&cursor=" + answer.path("next").asText();
        }
        throw new AssertionError("the list does not end");
    }

    @Test
    void shouldPutPagesTogetherToTheWholeList() {
        Random random = new Random(11);
        List<String> allCandles = pages("candles", "limit=1000", "openTime", false);
        List<String> allHeadlines = pages("sentiment", "limit=1000", "id", false);
        assertEquals(candles, allCandles.size());
        assertEquals(headlines, allHeadlines.size());
        assertEquals(allCandles.stream().sorted().toList(), allCandles);
        for (int i = 0; i < 8; i++) {
            String limit = "limit=" + (i == 0 ? 1 : 2 + random.nextInt(i < 4 ? 12 : 200));
            String from = limit + "&from=2026-01-01T00:00:00Z";
            if (i > 0) {
                assertEquals(allCandles, pages("candles", limit, "openTime", false), limit);
                assertEquals(allCandles, pages("candles", from, "openTime", true), from);
            }
            assertEquals(allHeadlines, pages("sentiment", limit, "id", false), limit);
            assertEquals(allHeadlines, pages("sentiment", from, "id", true), from);
        }
    }

    @Test
    void shouldKeepTheEndWhilePagingForward() {
        Candle first = Sample.candle(Sample.BTC, -100);
        List<String> some =
                pages("candles", "limit=7&from=" + first.openTime() + "&to=2026-01-05T11:30:00Z", "openTime", true);
        List<String> expected = pages("candles", "limit=1000", "openTime", false).stream()
                .filter(time ->
                        time.compareTo("2026-01-05T10:19:00.000Z") >= 0 && time.compareTo("2026-01-05T11:30") < 0)
                .toList();
        assertEquals(expected, some);
    }
}
