package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.evaluation.PredictionError;
import tickcast.model.market.Symbol;

/** Scores from totals are those from the errors themselves. */
class PerformanceTest {

    private static final String SCORES = "/api/v1/performance?window=";
    private static TestServer server;

    @BeforeAll
    static void start() {
        Random random = new Random(1);
        List<PredictionError> errors = new ArrayList<>();
        for (Symbol symbol : List.of(Sample.BTC, Sample.ETH)) {
            int newest = symbol.equals(Sample.ETH) ? -40 : -5;
            for (int minute = -3000; minute <= newest; minute++) {
                errors.add(Sample.error(Sample.prediction(symbol, minute), 64000.1 + 20 * random.nextGaussian()));
                errors.add(Sample.error(
                        Sample.prediction(symbol, minute, "18", false), 64000.1 + 20 * random.nextGaussian()));
            }
        }
        MemoryArchive archive = new MemoryArchive();
        archive.writeErrors(errors);
        server = new TestServer(TestServer.settings(), archive);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldTellTheSameOfTotalsAsOfErrors() {
        JsonNode ofTotals = server.json(SCORES + "2h,1001m,2d&by=hour").path("data");
        JsonNode ofErrors =
                server.json(SCORES + "2h,1001m,2d&by=hour&against=17").path("data");
        assertEquals(3, ofTotals.size());
        assertTrue(ofTotals.get(2).path("overall").path("count").asInt() > 5000);
        assertEquals("sigma", ofTotals.get(0).path("overall").path("unit").asText());
        for (int window = 0; window < 3; window++) {
            assertTrue(ofErrors.get(window).path("duels").size() > 0);
            for (String part : List.of("overall", "models", "byHour")) {
                assertSame(ofErrors.get(window).path(part), ofTotals.get(window).path(part));
            }
        }
    }

    @Test
    void shouldCountOneSymbolsErrorsInItsQuoteAsset() {
        JsonNode data = server.json(SCORES + "30m,2h").path("data");
        assertEquals("USD", data.get(0).path("overall").path("unit").asText(), "ETH has none of half an hour");
        assertEquals("sigma", data.get(1).path("overall").path("unit").asText());
        JsonNode alone = server.json("/api/v1/symbols/BTC-USD/performance?window=30m");
        assertSame(alone.path("data").get(0).path("overall"), data.get(0).path("overall"));
    }

    private static void assertSame(JsonNode expected, JsonNode actual) {
        if (expected.isNumber()) {
            assertEquals(expected.asDouble(), actual.asDouble(), 1e-9);
            return;
        }
        if (!expected.isContainerNode()) {
            assertEquals(expected, actual);
            return;
        }
        assertEquals(expected.size(), actual.size());
        Iterator<JsonNode> theirs = actual.iterator();
        expected.forEach(value -> assertSame(value, theirs.next()));
    }
}
