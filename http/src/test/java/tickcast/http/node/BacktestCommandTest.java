package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class BacktestCommandTest {

    @TempDir
    Path directory;

    @Test
    void shouldPrintATableAndWriteTheReport() throws Exception {
        Path history = directory.resolve("a <history> & more");
        GeneratedHistory.write(history, 20 * GeneratedHistory.DAY + 120, "XBTUSD");
        Path out = directory.resolve("report.json");
        Path html = directory.resolve("report.html");

        CommandRun run = CommandRun.of(
                directory.resolve("data"),
                "backtest",
                "--history",
                history.toString(),
                "--out",
                out.toString(),
                "--html",
                html.toString(),
                "--retrain-hours",
                "240");

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(3, run.lines().size(), "a header, the symbol, jointly: " + run.out());
        assertTrue(run.lines().get(1).startsWith("BTC/USD"), run.out());
        assertTrue(run.err().contains("\"the price stays as it is\": skill +"), run.err());
        assertFalse(Files.exists(directory.resolve("data")), "a backtest keeps nothing");
        requireReport(out);
        requirePage(html);
    }

    private static void requireReport(Path file) throws IOException {
        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertEquals(5, report.get("horizonMinutes").asInt());
        assertTrue(report.at("/symbols/BTC~1USD/count").asDouble() > 5000);
        assertTrue(report.at("/joint/skill").isNumber());
    }

    private static void requirePage(Path file) throws Exception {
        String page = Files.readString(file);
        assertTrue(page.contains("a &lt;history&gt; &amp; more"));
        assertFalse(
                page.contains("http://") || page.contains("https://") || page.contains("<script"), "self-contained");
        String[] charts = page.split("(?=<svg)");
        assertEquals(6, charts.length, "five charts");
        for (int i = 1; i < charts.length; i++) {
            String svg = charts[i].substring(0, charts[i].indexOf("</svg>") + 6);
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
            assertFalse(svg.contains("NaN"), svg);
        }
    }

    @Test
    void shouldSayHowMuchHistoryIsNeeded() throws IOException {
        GeneratedHistory.write(directory, 2 * GeneratedHistory.DAY, "XBTUSD");

        CommandRun run = CommandRun.of(directory, "backtest", "--history", directory.toString());

        assertEquals(1, run.exitCode());
        assertTrue(run.err().contains("days of history are there"), run.err());
        assertEquals("", run.out());
    }
}
