package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The life of models by command: one is trained from files, one from the store, and they take turns. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrainCommandTest {

    private static final int MINUTES = 15 * GeneratedHistory.DAY;

    @TempDir
    static Path directory;

    private static Path history;
    private static Path data;

    @BeforeAll
    static void generate() throws IOException {
        history = directory.resolve("history");
        data = directory.resolve("data");
        GeneratedHistory.write(history, MINUTES, "XBTUSD", "ETHUSD");
    }

    private static CommandRun run(String... args) {
        return CommandRun.of(data, args);
    }

    @Test
    @Order(1)
    void shouldScoreNaivelyWhileNobodySpeaks() {
        CommandRun run = run("score", "--history", history.toString(), "--symbol", "ETH/USD");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("No model speaks for kraken"), run.err());
        assertEquals(1 + MINUTES - 1 - 59, run.lines().size(), "all but the first hour; the last minute had no trade");
        String[] row = run.lines().get(1).split(",");
        assertEquals(row[2], row[3], "the price stays as it is");
        assertEquals("0.5", row[8]);
    }

    @Test
    @Order(2)
    void shouldTrainOnFilesAndLetTheModelSpeak() {
        CommandRun run = run("train", "--history", history.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("1\n", run.out(), "its version alone");
        assertTrue(run.err().contains("rows of BTC/USD, ETH/USD"), run.err());
        assertTrue(run.err().contains("Model 1 beat naive there: it speaks for kraken"), run.err());
    }

    @Test
    @Order(3)
    void shouldTrainOnTheStore() {
        assertEquals(0, run("import", "--history", history.toString()).exitCode());

        CommandRun run = run("train", "--symbol", "BTC/USD");

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("2\n", run.out());
        assertTrue(run.err().contains("rows of BTC/USD, 2025"), run.err());
    }

    @Test
    @Order(4)
    void shouldListAndShow() throws IOException {
        CommandRun list = run("models");
        assertEquals(0, list.exitCode());
        assertEquals(3, list.lines().size());
        assertTrue(list.lines().get(1).matches("2 +(CHAMPION|CHALLENGER) .*BTC/USD"), list.out());
        assertTrue(list.lines().get(2).matches("1 +(CHAMPION|CHALLENGER) .*BTC/USD ETH/USD"), list.out());
        assertEquals(list.out(), run("models", "--source", "kraken", "list").out());
        assertEquals(list.out(), run("models", "list", "--source", "kraken").out());
        CommandRun elsewhere = run("models", "--source", "simulated", "list");
        assertEquals("", elsewhere.out());
        assertTrue(elsewhere.err().contains("it has kraken"), elsewhere.err());

        CommandRun card = run("models", "show", "1");
        assertEquals(0, card.exitCode());
        assertEquals("1", new ObjectMapper().readTree(card.out()).get("version").asText());
        CommandRun unknown = run("models", "show", "9");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("no model 9 of kraken"), unknown.err());
    }

    @Test
    @Order(5)
    void shouldPromoteAndRollBack() {
        run("models", "promote", "2");
        CommandRun promoted = run("models", "promote", "1");
        assertEquals(0, promoted.exitCode(), promoted.err());
        assertEquals("", promoted.out());
        assertTrue(promoted.err().contains("Model 1 speaks for kraken now, model 2 before."), promoted.err());
        assertTrue(run("models", "promote", "1").err().contains("Model 1 speaks for kraken already."));
        assertEquals(1, run("models", "promote", "7").exitCode());

        CommandRun rolledBack = run("models", "rollback");
        assertEquals(0, rolledBack.exitCode(), rolledBack.err());
        assertTrue(rolledBack.err().contains("Model 2 speaks for kraken now, model 1 before."), rolledBack.err());
        assertTrue(run("models").out().contains("RETIRED"));
    }

    @Test
    @Order(6)
    void shouldScoreWithAModel() {
        CommandRun run = run("score", "--history", history.toString(), "--model", "1");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("by model 1"), run.err());
        assertTrue(run.err().contains("Mind: model 1 learned from 2025-03-02"), run.err());
        List<String> lines = run.lines();
        assertEquals("symbol,asOf,lastPrice,predictedPrice,low80,high80,low95,high95,probabilityUp", lines.get(0));
        assertEquals(1 + 2 * (MINUTES - 1 - 59), lines.size());
        Set<String> keys = new HashSet<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] row = line.split(",", -1);
            assertEquals(9, row.length, line);
            keys.add(row[0] + row[1]);
            double predicted = Double.parseDouble(row[3]);
            assertTrue(Double.parseDouble(row[6]) < Double.parseDouble(row[4]), line);
            assertTrue(Double.parseDouble(row[4]) < predicted && predicted < Double.parseDouble(row[5]), line);
            assertTrue(Double.parseDouble(row[5]) < Double.parseDouble(row[7]), line);
        }
        assertEquals(lines.size() - 1, keys.size(), "one row for each symbol and as-of");
        assertTrue(lines.get(lines.size() - 1).startsWith("ETH/USD,2025-03-15T23:59:00.000Z,"), "the last minute");
    }

    @Test
    @Order(7)
    void shouldScoreWithTheChampionUnlessToldOtherwise() {
        CommandRun run = run("score", "--history", history.toString(), "--symbol", "BTC/USD");

        assertTrue(run.err().contains("by model 2"), run.err());
        CommandRun unknown = run("score", "--history", history.toString(), "--model", "9");
        assertEquals(1, unknown.exitCode());
        assertTrue(unknown.err().contains("no model version '9'"), unknown.err());
    }
}
