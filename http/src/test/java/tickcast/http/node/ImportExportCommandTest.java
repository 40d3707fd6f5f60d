package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.MarketSource;
import tickcast.streams.elasticsearch.ScriptedServer;

class ImportExportCommandTest {

    @TempDir
    Path directory;

    private Path history;
    private Path data;

    @BeforeEach
    void generate() throws IOException {
        history = directory.resolve("history");
        data = directory.resolve("data");
        GeneratedHistory.write(history, 2 * GeneratedHistory.DAY, "XBTUSD", "DOTEUR");
    }

    private CommandRun run(String... args) {
        return CommandRun.of(data, args);
    }

    private CommandRun importing(String... more) {
        String[] args = new String[3 + more.length];
        System.arraycopy(new String[] {"import", "--history", history.toString()}, 0, args, 0, 3);
        System.arraycopy(more, 0, args, 3, more.length);
        return run(args);
    }

    @Test
    void shouldExportWhatWasImported() throws IOException {
        CommandRun imported = importing();
        assertEquals(0, imported.exitCode(), imported.err());
        assertEquals("", imported.out());
        assertTrue(imported.err().contains("Imported 5,760 candles of kraken into " + data), imported.err());
        assertTrue(imported.err().contains("DOT/EUR only when SYMBOLS"), imported.err());

        CommandRun csv = run("export", "--kind", "candles", "--from", "2025-03-02", "--to", "2025-03-02T00:10:00Z");
        assertEquals(0, csv.exitCode(), csv.err());
        assertEquals(11, csv.lines().size(), "a header and ten minutes of BTC/USD");
        assertTrue(csv.lines().get(0).startsWith("symbol,source,openTime,"), csv.out());
        assertTrue(csv.lines().get(1).startsWith("BTC/USD,kraken,2025-03-02T00:00:00.000Z,"), csv.out());
        assertTrue(csv.err().contains("Wrote 10 candles"), csv.err());

        CommandRun json = run("export", "--kind", "candles", "--format", "jsonl", "--symbol", "btcusd,DOT/EUR");
        assertEquals(5760, json.lines().size());
        for (String line : json.lines().subList(0, 100)) {
            JsonNode candle = new ObjectMapper().readTree(line);
            assertEquals("BTC/USD", candle.get("symbol").asText());
        }
    }

    @Test
    void shouldFailWhenTheStoreRefusesWhatItIsGiven() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.start(request -> request.path().endsWith("/_bulk")
                        ? Optional.of(ScriptedServer.Answer.bulk(request, "document_parsing_exception", 201, 400))
                        : Optional.empty())) {
            Map<String, String> properties =
                    Map.of("tickcast.store", "elasticsearch", "tickcast.elasticsearch.url", server.url() + "/");
            properties.forEach(System::setProperty);
            try {
                CommandRun run = importing("--symbol", "BTC/USD");
                assertEquals(1, run.exitCode());
                Path letters = data.resolve("kraken").resolve("dead-letters.jsonl");
                assertTrue(run.err().contains("refused 1,440 of 2,880 candles: they are in " + letters), run.err());
                assertFalse(run.err().contains("Imported"), run.err());
                assertEquals(1440, Files.readAllLines(letters).size());
            } finally {
                properties.keySet().forEach(System::clearProperty);
            }
        }
    }

    @Test
    void shouldKeepSourcesApart() {
        assertEquals(
                0, importing("--source", "simulated", "--symbol", "XBT/USD").exitCode());

        CommandRun kraken = run("export", "--kind", "candles");
        assertEquals(1, kraken.exitCode());
        assertTrue(kraken.err().contains("it has simulated"), kraken.err());
        CommandRun simulated = run("export", "--kind", "candles", "--source", "simulated");
        assertEquals(2881, simulated.lines().size(), "a header and two days");
        assertTrue(simulated.lines().get(1).contains(",simulated,"));
    }

    @Test
    void shouldTellBadLinesWithFileAndLine() throws IOException {
        Files.writeString(history.resolve("XBTUSD_1.csv"), "what,is,this\n1,2\n", StandardOpenOption.APPEND);
        Files.writeString(history.resolve("notes.txt"), "no history");

        CommandRun run = importing();

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("notes.txt: ignored"), run.err());
        assertTrue(run.err().contains("XBTUSD_1.csv:2824:"), run.err());
        assertTrue(run.err().contains("XBTUSD_1.csv:2825:"), run.err());
        assertTrue(run.err().contains("Skipped 2 of 5648 lines"), run.err());
    }

    @Test
    void shouldFailOnMoreThanOnePercentOfBadLines() throws IOException {
        Files.writeString(history.resolve("XBTUSD_1.csv"), "what,is,this\n".repeat(60), StandardOpenOption.APPEND);

        CommandRun run = importing();

        assertEquals(1, run.exitCode());
        assertEquals("", run.out());
        assertTrue(run.err().contains("more than 1 %"), run.err());
        assertTrue(run.err().contains("XBTUSD_1.csv:2824:"), run.err());
        assertFalse(run.err().contains("Exception"), run.err());
    }

    @Test
    void shouldNameWhatTheDirectoryHas() {
        CommandRun run = importing("--symbol", "ETH/USD");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("has no ETH/USD; it has BTC/USD, DOT/EUR"), run.err());
    }

    @Test
    void shouldRefuseToWriteWhereAnotherProcessDoes() {
        assertEquals(0, importing().exitCode());
        try (DataDirectory taken = DataDirectory.take(data, MarketSource.KRAKEN)) {
            CommandRun refused = importing();
            assertEquals(1, refused.exitCode());
            assertTrue(refused.err().contains("is in use by another Tickcast process"), refused.err());
            assertEquals(1, refused.err().lines().count(), refused.err());
            CommandRun train = run("train");
            assertEquals(1, train.exitCode());
            assertTrue(train.err().contains("is in use by another Tickcast process"), train.err());

            assertEquals(0, run("export", "--kind", "candles").exitCode(), "reading goes on in " + taken.folder());
            assertEquals(0, run("models").exitCode());
        }
    }

    @Test
    void shouldSayHowMuchHistoryIsNeeded() {
        assertEquals(0, importing().exitCode());

        CommandRun train = run("train");

        assertEquals(1, train.exitCode());
        assertTrue(train.err().contains("days of history are there"), train.err());
        assertEquals("", train.out());
    }
}
