package tickcast.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tickcast.model.feature.FeatureVector;
import tickcast.model.forecast.Explanation;
import tickcast.model.forecast.Explanation.Contribution;
import tickcast.model.forecast.Forecaster;
import tickcast.model.forecast.Prediction;
import tickcast.model.forecast.Reason;
import tickcast.model.forecast.Status;
import tickcast.model.registry.ModelCard;
import tickcast.model.registry.ModelState;

class WhyTest {

    private static final String ROOT = "/api/v1/symbols/BTC-USD/predictions/";
    private static final double EXPECTED = 7.25e-5;
    private static final double BASE = 1e-6;
    private static final double MOVE = 0.001;

    private static TestServer server;

    /** Seven features moved its forecast, the first one most. */
    private record SevenReasons(ModelCard card) implements Forecaster {

        @Override
        public List<Forecast> score(List<FeatureVector> vectors) {
            return vectors.stream()
                    .map(vector -> new Forecast(EXPECTED, 0.52, false))
                    .toList();
        }

        @Override
        public Optional<Explanation> explain(FeatureVector vector) {
            List<Contribution> reasons = new ArrayList<>();
            double left = EXPECTED - BASE;
            for (int i = 0; i < 7; i++) {
                double part = i == 6 ? left : left * 0.6 * (i % 2 == 0 ? 1 : -1);
                reasons.add(new Contribution("f" + i, i == 1 ? Double.NaN : i / 4.0, part));
                left -= part;
            }
            return Optional.of(new Explanation(BASE, MOVE, reasons));
        }

        @Override
        public void close() {}
    }

    @BeforeAll
    static void start() {
        MemoryArchive archive = new MemoryArchive();
        archive.writePredictions(List.of(
                made(0, "17", StrictMath.expm1(EXPECTED), Status.LIVE, null),
                made(-1, "naive", 0, Status.FALLBACK, Reason.STALE_MODEL),
                Sample.abstained(Sample.BTC, -2),
                made(-3, "16", StrictMath.expm1(EXPECTED), Status.LIVE, null),
                made(-4, "17", 0.0001, Status.LIVE, null),
                made(-5, "17", StrictMath.expm1(EXPECTED), Status.LIVE, null)));
        for (int minute : new int[] {0, -1, -2, -3, -4}) {
            archive.writeFeatures(List.of(Sample.features(Sample.BTC, minute)));
        }
        server = new TestServer(TestServer.settings(), archive);
        server.models.give("17", new SevenReasons(Sample.card("17", ModelState.CHAMPION)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Prediction made(int minute, String version, double expected, Status status, Reason reason) {
        Prediction like = Sample.prediction(Sample.BTC, minute);
        return new Prediction(
                like.symbol(),
                like.source(),
                like.asOf(),
                like.madeAt(),
                like.targetTime(),
                like.lastPrice(),
                like.lastPrice() * (1 + expected),
                expected,
                like.intervals(),
                0.52,
                version,
                like.schemaHash(),
                status,
                reason,
                true,
                like.volatility(),
                like.calibration());
    }

    private static String at(int minute) {
        Instant asOf = Sample.minute(minute);
        return ROOT + asOf + "/why";
    }

    private static String refused(String path, int status) {
        HttpResponse<String> response = server.get(path);
        assertEquals(status, response.statusCode(), response.body());
        return TestServer.parse(response.body()).path("detail").asText();
    }

    @Test
    void shouldGiveTheFiveMainReasonsThatAddUpWithTheRest() {
        JsonNode why = server.json(at(0));
        double sum = why.path("base").asDouble()
                + why.path("rest").path("contribution").asDouble();
        double bps = why.path("baseBps").asDouble()
                + why.path("rest").path("contributionBps").asDouble();
        for (JsonNode each : why.path("contributions")) {
            sum += each.path("contribution").asDouble();
            bps += each.path("contributionBps").asDouble();
        }

        assertEquals("17", why.path("modelVersion").asText());
        assertEquals("expectedMove", why.path("unit").asText());
        assertEquals(10, why.path("expectedMoveBps").asDouble(), 1e-12);
        assertEquals(5, why.path("contributions").size());
        assertEquals(2, why.path("rest").path("features").asInt());
        assertEquals("f0", why.path("contributions").get(0).path("feature").asText());
        assertTrue(why.path("contributions").get(1).path("value").isNull(), "it was not known");
        assertEquals(EXPECTED / MOVE, sum, 1e-12);
        assertEquals(EXPECTED * 1e4, bps, 1e-12);
        assertEquals(why.path("totalBps").asDouble(), bps, 1e-12);
        assertEquals(StrictMath.expm1(EXPECTED), why.path("expectedReturn").asDouble());
        assertEquals(why, server.json(ROOT + "latest/why"));
    }

    @Test
    void shouldSayThatNoFeatureMakesTheNaiveForecast() {
        JsonNode why = server.json(at(-1));

        assertEquals("naive", why.path("modelVersion").asText());
        assertEquals(0, why.path("contributions").size());
        assertEquals(0, why.path("totalBps").asDouble());
        assertTrue(why.path("note").asText().contains("STALE_MODEL"), why.toString());
    }

    @Test
    void shouldSayWhyItCantSayWhy() {
        assertTrue(refused(at(-2), 409).contains("GAP"));
        assertTrue(refused(at(-3), 409).contains("no model version '16'"));
        assertTrue(refused(at(-4), 409).contains("not made from the features stored"));
        assertTrue(refused(at(-5), 409).contains("no longer kept"));
        assertTrue(refused(at(-60), 404).contains("no prediction"));
        assertTrue(
                refused("/api/v1/symbols/ETH-USD/predictions/latest/why", 404).contains("ETH/USD"));
        assertTrue(refused(ROOT + "noon/why", 400).contains("asOf"));
        refused("/api/v1/symbols/FOO-BAR/predictions/latest/why", 404);
    }

    @Test
    void shouldSayThatTheModelsAreAwayRatherThanGone() {
        server.models.setAway(true);
        try {
            HttpResponse<String> response = server.get(at(-3));
            assertEquals(503, response.statusCode(), response.body());
            assertTrue(response.headers().firstValue("Retry-After").isPresent());
        } finally {
            server.models.setAway(false);
        }
    }
}
