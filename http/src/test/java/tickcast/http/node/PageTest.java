package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a browser shows it, served by the real node. */
class PageTest {

    @TempDir
    private static Path directory;

    private static TestNode node;

    @BeforeAll
    static void start() {
        assumeTrue(Browser.executable().isPresent(), "no Chromium on this machine: the page is not looked at");
        node = TestNode.start(Map.of(
                "tickcast.market.source",
                "simulated",
                "tickcast.market.simulated.history",
                "2d",
                "tickcast.market.simulated.catch-up",
                "30m",
                "tickcast.data-directory",
                directory.resolve("data").toString()));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void shouldShowTheMarketAndItsPredictionsOnALaptop() throws Exception {
        look(1440, 900);
    }

    @Test
    void shouldFitAPhone() throws Exception {
        look(390, 844);
    }

    @Test
    void shouldAskForTheReadTokenOnBothPages() throws Exception {
        Path profile = Files.createDirectory(directory.resolve("profile-token"));
        try (TestNode closed = TestNode.start(Map.of(
                        "tickcast.http.read-token",
                        "let-me-read",
                        "tickcast.market.source",
                        "simulated",
                        "tickcast.market.simulated.history",
                        "0s",
                        "tickcast.market.simulated.catch-up",
                        "10m",
                        "tickcast.data-directory",
                        directory.resolve("closed").toString()));
                Browser browser = Browser.open(
                        Browser.executable().orElseThrow(),
                        profile,
                        "http://127.0.0.1:" + closed.port() + "/",
                        1440,
                        900)) {
            giveToken(browser);
            browser.await("document.querySelector('#symbols').innerText.includes('BTC/USD')", 30);
            browser.evaluate("sessionStorage.clear(); location.href = '/skill'");
            browser.await("location.pathname === '/skill'", 30);
            giveToken(browser);
            browser.await("document.querySelector('#source').textContent.includes('SIMULATED MARKET')", 30);
        }
    }

    private static void giveToken(Browser browser) throws Exception {
        browser.await("document.querySelector('dialog.token[open]') !== null", 30);
        browser.evaluate("document.querySelector('dialog.token input').value = 'let-me-read';"
                + "document.querySelector('dialog.token button').click()");
    }

    private static void look(int width, int height) throws Exception {
        Path profile = Files.createDirectory(directory.resolve("profile-" + width));
        String address = "http://127.0.0.1:" + node.port() + "/";
        try (Browser browser = Browser.open(Browser.executable().orElseThrow(), profile, address, width, height)) {
            browser.await("document.querySelector('#source').textContent.includes('SIMULATED MARKET')", 30);
            browser.await("document.querySelector('#symbols').innerText.includes('BTC/USD')", 30);
            browser.await("document.querySelector('#feed-state').innerText.toLowerCase().includes('live')", 60);
            browser.await("document.querySelector('#page-state').innerText.toLowerCase().includes('live')", 30);
            browser.await("document.querySelector('#chart canvas') !== null", 30);
            browser.await("/FALLBACK/.test(document.querySelector('#board').innerText)", 30);
            browser.await("document.querySelectorAll('#history tr').length > 5", 30);
            browser.await("document.querySelector('#score').innerText.includes('Judged')", 30);
            assertTrue(
                    browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
                            .asBoolean(),
                    "the page is wider than the screen");
            assertEquals(List.of(), browser.problems());
        }
    }
}
