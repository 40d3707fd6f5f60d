package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.actors.topic.FeedState;
import tickcast.actors.topic.Published;
import tickcast.model.market.MarketSource;

/** Whether forecasts are worth anything, and why they are what they are: asked of the real node with a real model. */
class SkillPageTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Instant LEARNED = Instant.parse("2025-11-21T12:00:00Z");
    private static final String[] SYMBOLS = {"BTC-USD", "ETH-USD", "SOL-USD", "XRP-USD"};

    @TempDir
    private static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() throws Exception {
        Path data = directory.resolve("data");
        CompletableFuture<Void> live = new CompletableFuture<>();
        PinnedModel.pin(PinnedModel.train(LEARNED), data, MarketSource.SIMULATED);
        node = TestNode.start(
                Map.of(
                        "tickcast.market.source", "simulated",
                        "tickcast.market.simulated.history", "2d",
                        "tickcast.market.simulated.catch-up", "3h",
                        "tickcast.forecast.stale-after", "3650d",
                        "tickcast.data-directory", data.toString()),
                InstantSource.system(),
                event -> {
                    if (event instanceof Published.FeedChanged feed && feed.state() == FeedState.LIVE) {
                        live.complete(null);
                    }
                });
        node.port();
        live.get(60, TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static JsonNode json(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + node.port() + path);
        HttpResponse<String> answer =
                CLIENT.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), () -> path + ": " + answer.body());
        return JSON.readTree(answer.body());
    }

    @Test
    void shouldSayWhyEachServedPredictionIsWhatItIs() throws Exception {
        int byTheModel = 0;
        for (String symbol : SYMBOLS) {
            String predictions = "/api/v1/symbols/" + symbol + "/predictions";
            for (JsonNode prediction : json(predictions + "?limit=40").path("data")) {
                if (prediction.path("status").asText().equals("LIVE")) {
                    JsonNode why =
                            json(predictions + "/" + prediction.path("asOf").asText() + "/why");
                    assertAddsUp(prediction, why);
                    byTheModel++;
                }
            }
        }
        assertTrue(byTheModel > 100, byTheModel + " predictions were made by the model");
    }

    /** To a millionth of the move that is expected: trees add up floats, their contributions doubles. */
    private static void assertAddsUp(JsonNode prediction, JsonNode why) {
        double sum = why.path("baseBps").asDouble()
                + why.path("rest").path("contributionBps").asDouble();
        for (JsonNode each : why.path("contributions")) {
            sum += each.path("contributionBps").asDouble();
        }
        double expected = 1e4 * Math.log1p(prediction.path("expectedReturn").asDouble());
        assertEquals(prediction.path("modelVersion"), why.path("modelVersion"));
        assertEquals(5, why.path("contributions").size());
        assertEquals(expected, sum, 1e-6 * why.path("expectedMoveBps").asDouble(), why.toString());
    }

    private interface Look {
        void at(Browser browser) throws Exception;
    }

    private static void look(String page, int width, int height, Look look) throws Exception {
        assumeTrue(Browser.executable().isPresent(), "no Chromium on this machine: the page is not looked at");
        Path profile = Files.createTempDirectory(directory, "profile");
        String address = "http://127.0.0.1:" + node.port() + page;
        try (Browser browser = Browser.open(Browser.executable().orElseThrow(), profile, address, width, height)) {
            look.at(browser);
            assertTrue(
                    browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                            .asBoolean(),
                    "the page is wider than the screen");
            assertEquals(List.of(), browser.problems());
        }
    }

    private static String text(Browser browser, String id) throws Exception {
        return browser.evaluate("document.getElementById('" + id + "').innerText")
                .asText();
    }

    private static void assertTellsTheSkill(Browser browser) throws Exception {
        browser.await("document.querySelector('#source').textContent.includes('SIMULATED MARKET')", 30);
        browser.await("/^Over the last 24 hours the forecast was/.test(headline.innerText)", 30);
        String headline = text(browser, "headline");
        assertTrue(headline.matches("(?s).*\\(95 %: .* to .*\\): [▲▼●] .*(better|worse)\\."), headline);
        assertTrue(text(browser, "details").contains("A model spoke in"), text(browser, "details"));
        assertTrue(
                browser.evaluate("document.getElementById('by-symbol').textContent")
                        .asText()
                        .contains(" of 500"),
                "a symbol alone has fewer than 500");
        browser.await("document.querySelectorAll('#hours canvas, #held canvas').length >= 2", 30);
        assertTrue(text(browser, "hours-note").contains("hour"));
        assertTrue(text(browser, "coverage").contains("XRP/USD"));
        assertTrue(text(browser, "speaker").contains("Model 1 speaks"), text(browser, "speaker"));
        assertTrue(text(browser, "switches").contains("pinned for a drill"), text(browser, "switches"));
    }

    @Test
    void shouldSayWhetherItIsBetterAndLetSymbolsBeLookedAt() throws Exception {
        look("/skill", 1440, 900, browser -> {
            assertTellsTheSkill(browser);
            browser.evaluate("[...scopes.children].find(b => b.innerText === 'ETH/USD').click()");
            browser.await("/^Not enough yet: [1-9][0-9]+ of 500 judged.*ETH/.test(headline.innerText)", 30);
            assertEquals("#ETH-USD/24h", browser.evaluate("location.hash").asText());
            assertEquals(
                    1,
                    browser.evaluate("document.querySelectorAll('#scopes [aria-pressed=true]').length")
                            .asInt());
            assertEquals(
                    "/#ETH-USD",
                    browser.evaluate("document.querySelector('#to-market').getAttribute('href')")
                            .asText());
        });
    }

    @Test
    void shouldFitAPhone() throws Exception {
        look("/skill#BTC-USD/7d", 390, 844, browser -> {
            browser.await("/of 500 judged over the last 7 days of BTC/.test(headline.innerText)", 30);
            browser.await("document.querySelectorAll('#hours canvas').length > 0", 30);
        });
        look("/skill", 390, 844, SkillPageTest::assertTellsTheSkill);
    }

    @Test
    void shouldSayWhyOnTheDashboardWhenAsked() throws Exception {
        look("/#SOL-USD", 1440, 900, browser -> {
            browser.await("document.querySelector('#forecast').innerText.includes('Model 1 speaks')", 60);
            assertTrue(text(browser, "reasons-body").isEmpty(), "it was not asked for yet");
            assertFalse(browser.evaluate("performance.getEntries().some(e => e.name.endsWith('/why'))")
                    .asBoolean());
            browser.evaluate("document.querySelector('#reasons summary').click()");
            browser.await("document.querySelectorAll('#reasons tbody tr').length === 8", 30);
            String reasons = text(browser, "reasons-body");
            assertTrue(reasons.contains("other features") && reasons.contains("Together"), reasons);
            assertTrue(reasons.contains("▲") || reasons.contains("▼"), reasons);
        });
    }
}
