package tickcast.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentCommandTest {

    private static final String HEADLINES = """
            \uFEFFBitcoin surges to record high after “ETF” approval\r

            Ripple sued: XRP plunges
            A day like any other
            """;

    @TempDir
    Path directory;

    @Test
    void shouldPrintAJsonLineForEachHeadlineOfAFile() throws IOException {
        Path file = Files.writeString(directory.resolve("headlines.txt"), HEADLINES);

        CommandRun run = CommandRun.of(directory, "sentiment", file.toString());

        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        assertEquals(3, run.lines().size());
        JsonNode first = new ObjectMapper().readTree(run.lines().get(0));
        List<String> names = new ArrayList<>();
        first.fieldNames().forEachRemaining(names::add);
        assertEquals(List.of("title", "scorer", "label", "score", "confidence", "symbols", "reason"), names);
        assertEquals(
                "Bitcoin surges to record high after “ETF” approval",
                first.get("title").asText());
        assertEquals("lexicon", first.get("scorer").asText());
        assertEquals(1, first.get("label").asInt());
        assertTrue(first.at("/symbols/BTC~1USD/score").asDouble() > 0);
        assertTrue(first.at("/symbols/BTC~1USD/confidence").asDouble() > 0);
        assertEquals(
                -1, new ObjectMapper().readTree(run.lines().get(1)).get("label").asInt());
        JsonNode last = new ObjectMapper().readTree(run.lines().get(2));
        assertEquals(0, last.get("label").asInt());
        assertTrue(last.get("symbols").isEmpty());
    }

    @Test
    void shouldReadStandardInput() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(HEADLINES.getBytes(StandardCharsets.UTF_8)));
        try {
            CommandRun run = CommandRun.of(directory, "sentiment");
            assertEquals(0, run.exitCode(), run.err());
            assertEquals(3, run.lines().size());
        } finally {
            System.setIn(before);
        }
    }
}
