package tickcast.streams.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tickcast.model.market.MarketSource;
import tickcast.streams.archive.DeadLetters.Letter;

class DeadLetterFileTest {

    private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("kraken").resolve("dead-letters.jsonl");
    }

    private DeadLetterFile file(long mostBytes) {
        return DeadLetterFile.below(directory, MarketSource.KRAKEN, mostBytes, () -> NOW);
    }

    private static List<Letter> letters(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Letter("candle", "id-" + i, "no", "{}".getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static String line(int number) {
        return "{\"at\":\"2026-01-05T12:00:00.000Z\",\"kind\":\"candle\",\"id\":\"id-" + number
                + "\",\"reason\":\"no\",\"record\":{}}";
    }

    private static List<String> lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(DeadLetterFileTest::line).toList();
    }

    @Test
    void shouldKeepLettersInOrder() throws IOException {
        file(10_000).keep(letters(0, 2));
        file(10_000).keep(letters(2, 5));
        assertEquals(lines(0, 5), Files.readAllLines(file));
    }

    @Test
    void shouldHoldItsBoundHoweverManyComeAtOnce() throws IOException {
        long threeLines = 3 * (line(0).length() + 1);
        file(threeLines).keep(letters(0, 8));
        assertEquals(lines(3, 6), Files.readAllLines(file.resolveSibling("dead-letters.1.jsonl")));
        assertEquals(lines(6, 8), Files.readAllLines(file));
        file(threeLines).keep(letters(8, 9));
        assertEquals(lines(6, 9), Files.readAllLines(file));
    }

    @Test
    void shouldBeginALineAfterATornOne() throws IOException {
        file(10_000).keep(letters(0, 1));
        Files.writeString(file, Files.readString(file) + "{\"at\":\"2026");
        file(10_000).keep(letters(1, 2));
        List<String> kept = Files.readAllLines(file);
        assertEquals(3, kept.size());
        assertEquals(line(1), kept.get(2));
        assertTrue(kept.get(1).startsWith("{\"at\":\"2026"));
    }
}
